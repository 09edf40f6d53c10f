terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
      # `global` is us-east-1, where CloudFront's certificates and firewalls are; `replica` is where backups are copied to.
      configuration_aliases = [aws.global, aws.replica]
    }
  }
}
