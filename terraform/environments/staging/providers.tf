terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }

  # The bucket and its region are `bootstrap/`'s, in backend.tfbackend: terraform init -backend-config=../../backend.tfbackend
  backend "s3" {
    key = "staging/terraform.tfstate"
  }
}

provider "aws" {
  region = var.region
  default_tags { tags = local.tags }
}

# CloudFront takes certificates and firewalls from here only.
provider "aws" {
  alias  = "global"
  region = "us-east-1"
  default_tags { tags = local.tags }
}

provider "aws" {
  alias  = "replica"
  region = var.replica_region
  default_tags { tags = local.tags }
}
