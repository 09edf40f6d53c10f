# A log group takes a key of its own region only, and the log of CloudFront's firewall is in us-east-1.
resource "aws_kms_key" "global_logs" {
  count    = var.cloudfront ? 1 : 0
  provider = aws.global

  description             = "Log of the firewall of ${var.name}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = data.aws_iam_policy_document.global_logs_key[0].json
}

resource "aws_kms_alias" "global_logs" {
  count    = var.cloudfront ? 1 : 0
  provider = aws.global

  name          = "alias/${var.name}-firewall-logs"
  target_key_id = aws_kms_key.global_logs[0].key_id
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "global" {
  provider = aws.global
}

data "aws_iam_policy_document" "global_logs_key" {
  #checkov:skip=CKV_AWS_109:A key's policy speaks of that key alone
  #checkov:skip=CKV_AWS_111:A key's policy speaks of that key alone
  #checkov:skip=CKV_AWS_356:A key's policy speaks of that key alone
  count = var.cloudfront ? 1 : 0

  # Without it, IAM could give nobody a right to the key: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
  statement {
    sid       = "AccountByIam"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root"]
    }
  }

  # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
  statement {
    sid       = "FirewallLog"
    actions   = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["logs.${data.aws_region.global.name}.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "kms:EncryptionContext:aws:logs:arn"
      values   = ["arn:${data.aws_partition.current.partition}:logs:${data.aws_region.global.name}:${data.aws_caller_identity.current.account_id}:log-group:aws-waf-logs-${var.name}"]
    }
  }
}
