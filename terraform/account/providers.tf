terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }

  # The bucket and its region are `bootstrap/`'s, in backend.tfbackend: terraform init -backend-config=../backend.tfbackend
  backend "s3" {
    key = "account/terraform.tfstate"
  }
}

provider "aws" {
  region = var.region
  default_tags { tags = local.tags }
}

# Route 53 logs to this region only, and takes keys for DNSSEC from nowhere else.
provider "aws" {
  alias  = "global"
  region = "us-east-1"
  default_tags { tags = local.tags }
}
