# Where the trail and Config put what happened. One bucket for both, for both are evidence and kept as long.
locals {
  audited = !(contains(var.existing, "trail") && contains(var.existing, "config"))
}

module "audit" {
  count  = local.audited ? 1 : 0
  source = "../modules/bucket"

  name          = "${local.project}-audit-${local.account}"
  key           = aws_kms_key.account.arn
  expire_days   = local.settings.account.trail_retention_days
  force_destroy = var.force_destroy
  statements    = [data.aws_iam_policy_document.audit.json]
}

data "aws_iam_policy_document" "audit" {
  # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
  statement {
    sid       = "TrailLooksAtTheBucket"
    actions   = ["s3:GetBucketAcl"]
    resources = [local.audit_arn]

    principals {
      type        = "Service"
      identifiers = ["cloudtrail.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceArn"
      values   = [local.trail_arn]
    }
  }

  statement {
    sid       = "TrailWrites"
    actions   = ["s3:PutObject"]
    resources = ["${local.audit_arn}/AWSLogs/${local.account}/CloudTrail*"]

    principals {
      type        = "Service"
      identifiers = ["cloudtrail.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceArn"
      values   = [local.trail_arn]
    }

    condition {
      test     = "StringEquals"
      variable = "s3:x-amz-acl"
      values   = ["bucket-owner-full-control"]
    }
  }

  # https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html
  statement {
    sid       = "ConfigLooksAtTheBucket"
    actions   = ["s3:GetBucketAcl", "s3:ListBucket"]
    resources = [local.audit_arn]

    principals {
      type        = "Service"
      identifiers = ["config.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }

  statement {
    sid       = "ConfigWrites"
    actions   = ["s3:PutObject"]
    resources = ["${local.audit_arn}/AWSLogs/${local.account}/Config/*"]

    principals {
      type        = "Service"
      identifiers = ["config.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }

    condition {
      test     = "StringEquals"
      variable = "s3:x-amz-acl"
      values   = ["bucket-owner-full-control"]
    }
  }
}

locals {
  audit_arn = "arn:${local.partition}:s3:::${local.project}-audit-${local.account}"
}
