locals {
  trails = contains(var.existing, "trail") ? 0 : 1
  # By hand, for key and bucket have to admit the trail before there is one.
  trail_arn = "arn:${local.partition}:cloudtrail:${var.region}:${local.account}:trail/${local.project}"
}

# Who did what, in all regions. Management events only: a first copy of them is free, events of data are not.
resource "aws_cloudtrail" "this" {
  #checkov:skip=CKV_AWS_252:A topic would tell of each file; what is to be told is told by news.tf
  count = local.trails

  name                          = local.project
  s3_bucket_name                = module.audit[0].id
  kms_key_id                    = aws_kms_key.account.arn
  is_multi_region_trail         = true
  include_global_service_events = true
  enable_log_file_validation    = true

  # The ":*" is how CloudTrail wants it.
  cloud_watch_logs_group_arn = "${aws_cloudwatch_log_group.trail[0].arn}:*"
  cloud_watch_logs_role_arn  = aws_iam_role.trail[0].arn

  depends_on = [aws_iam_role_policy.trail]

  lifecycle {
    precondition {
      condition     = local.settings.account.trail_retention_days >= 90
      error_message = "account.trail_retention_days in settings.yaml is ${local.settings.account.trail_retention_days}: set 90 days at least, for so long the log group has it, too."
    }
  }
}

# The last months, to ask questions of with Logs Insights. The bucket keeps them longer.
resource "aws_cloudwatch_log_group" "trail" {
  #checkov:skip=CKV_AWS_338:The audit bucket keeps what is older
  count = local.trails

  name              = "/aws/cloudtrail/${local.project}"
  retention_in_days = 90
  kms_key_id        = aws_kms_key.account.arn
}

resource "aws_iam_role" "trail" {
  count = local.trails

  name               = "${local.project}-trail"
  description        = "CloudTrail writes to its log group"
  assume_role_policy = data.aws_iam_policy_document.trail_trust.json
}

data "aws_iam_policy_document" "trail_trust" {
  statement {
    actions = ["sts:AssumeRole"]

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
}

resource "aws_iam_role_policy" "trail" {
  count = local.trails

  name   = "write"
  role   = aws_iam_role.trail[0].id
  policy = data.aws_iam_policy_document.trail[0].json
}

data "aws_iam_policy_document" "trail" {
  count = local.trails

  statement {
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.trail[0].arn}:log-stream:${local.account}_CloudTrail_${var.region}*"]
  }
}
