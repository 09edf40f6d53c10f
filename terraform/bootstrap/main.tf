locals {
  settings  = yamldecode(file("${path.root}/../settings.yaml"))
  name      = "${local.settings.project}-state"
  account   = data.aws_caller_identity.here.account_id
  root_user = "arn:${data.aws_partition.here.partition}:iam::${local.account}:root"
}

data "aws_caller_identity" "here" {}

data "aws_partition" "here" {}

module "state" {
  source = "../modules/bucket"

  name                   = "${local.name}-${local.account}"
  key                    = aws_kms_key.state.arn
  noncurrent_expire_days = 365
  force_destroy          = var.force_destroy
  statements             = [data.aws_iam_policy_document.state.json]

  # Destroyed first: a bucket with states in it cannot be, and then nor is the key that reads them.
  depends_on = [aws_kms_key.state]
}

# A state that was overwritten or deleted is a version. Terraform itself deletes none: a lock that is released is a deleted object.
data "aws_iam_policy_document" "state" {
  statement {
    sid       = "OnlyAdministratorsForget"
    effect    = "Deny"
    actions   = ["s3:DeleteObjectVersion"]
    resources = ["${module.state.arn}/*"]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }

    condition {
      test     = "ArnNotLike"
      variable = "aws:PrincipalArn"
      values   = concat([local.root_user], var.administrators)
    }
  }
}

resource "aws_kms_key" "state" {
  description             = "${local.settings.project}: Terraform's state"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = data.aws_iam_policy_document.key.json
}

resource "aws_kms_alias" "state" {
  name          = "alias/${local.name}"
  target_key_id = aws_kms_key.state.key_id
}

data "aws_iam_policy_document" "key" {
  #checkov:skip=CKV_AWS_109:Without this statement, AWS's own default, nobody could ever change the key again
  #checkov:skip=CKV_AWS_111:A key's policy is about this key only
  #checkov:skip=CKV_AWS_356:A key's policy is about this key only
  statement {
    sid       = "IamDecides"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = [local.root_user]
    }
  }
}
