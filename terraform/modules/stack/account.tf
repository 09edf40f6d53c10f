# What `bootstrap/` and `account/` made, found by its name.

data "aws_ecr_repository" "service" {
  name = var.project
}

data "aws_route53_zone" "domain" {
  name = var.domain
}

data "aws_iam_openid_connect_provider" "github" {
  url = "https://token.actions.githubusercontent.com"
}

data "aws_kms_alias" "state" {
  name = "alias/${var.project}-state"
}

locals {
  image = "${data.aws_ecr_repository.service.repository_url}@${var.release.image}"

  packages_bucket = "${var.project}-packages-${data.aws_caller_identity.current.account_id}"
  # Keys are hashes in base64url, so that what a function runs can be told by its name.
  packages = {
    for function in ["hooks", "database_roles"] : function => {
      bucket = local.packages_bucket
      key    = "functions/${function}/${replace(replace(trimsuffix(var.release[function], "="), "+", "-"), "/", "_")}.zip"
      hash   = var.release[function]
    }
  }
}
