terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
      # us-east-1, where CloudFront takes its certificates and web ACLs from.
      configuration_aliases = [aws.global]
    }
  }
}
