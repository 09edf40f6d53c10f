locals {
  artifacts_bucket = "${var.name}-artifacts-${local.account}"
}

module "artifacts" {
  source = "../bucket"

  name               = local.artifacts_bucket
  key                = aws_kms_key.data.arn
  access_logs_bucket = module.logs.id
  force_destroy      = var.force_destroy
}

module "logs" {
  source = "../bucket"

  name                   = "${var.name}-logs-${local.account}"
  expire_days            = var.log_retention_days
  noncurrent_expire_days = 7
  # CloudFront's standard logs come with an ACL.
  object_writer = true
  force_destroy = var.force_destroy
  statements    = [data.aws_iam_policy_document.log_delivery.json]
}

data "aws_iam_policy_document" "log_delivery" {
  # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html: the account in the path is that of the
  # load balancer, which keeps others' out; AWS's policy has no condition.
  statement {
    sid       = "LoadBalancers"
    actions   = ["s3:PutObject"]
    resources = ["${module.logs.arn}/AWSLogs/${local.account}/*", "${module.logs.arn}/*/AWSLogs/${local.account}/*"]

    principals {
      type        = "Service"
      identifiers = ["logdelivery.elasticloadbalancing.amazonaws.com"]
    }
  }

  # https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html#grant-log-delivery-permissions-general
  statement {
    sid       = "AccessOfBuckets"
    actions   = ["s3:PutObject"]
    resources = ["${module.logs.arn}/s3/${local.artifacts_bucket}/*"]

    principals {
      type        = "Service"
      identifiers = ["logging.s3.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:${local.partition}:s3:::${local.artifacts_bucket}"]
    }
  }
}
