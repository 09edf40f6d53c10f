# Who is told: those who are woken up, and those who read it in the morning.

resource "aws_sns_topic" "page" {
  name              = "${var.name}-page"
  display_name      = "${var.name}: now"
  kms_master_key_id = var.logs_key
}

resource "aws_sns_topic" "ticket" {
  name              = "${var.name}-ticket"
  display_name      = "${var.name}: in the morning"
  kms_master_key_id = var.logs_key
}

data "aws_iam_policy_document" "topic" {
  for_each = local.topics

  # https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html#sns-publish-to-encrypted-topic-from-cloudwatch-alarm
  statement {
    sid       = "AlarmsOfThisEnvironment"
    actions   = ["sns:Publish"]
    resources = [each.value]

    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:${data.aws_partition.current.partition}:cloudwatch:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:alarm:${var.name}-*"]
    }
  }

  # Backups that failed, say (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions).
  statement {
    sid       = "RulesOfThisEnvironment"
    actions   = ["sns:Publish"]
    resources = [each.value]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:${data.aws_partition.current.partition}:events:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:rule/${var.name}-*"]
    }
  }

  statement {
    sid       = "OnlyByTls"
    effect    = "Deny"
    actions   = ["sns:Publish"]
    resources = [each.value]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_sns_topic_policy" "this" {
  for_each = local.topics

  arn    = each.value
  policy = data.aws_iam_policy_document.topic[each.key].json
}

# Each address gets a mail from AWS and has to confirm it. What is not confirmed when it is destroyed, AWS forgets by itself
# (https://docs.aws.amazon.com/sns/latest/dg/sns-delete-subscription-topic.html).
resource "aws_sns_topic_subscription" "page" {
  for_each = var.page

  topic_arn = aws_sns_topic.page.arn
  protocol  = "email"
  endpoint  = each.value
}

resource "aws_sns_topic_subscription" "ticket" {
  for_each = var.ticket

  topic_arn = aws_sns_topic.ticket.arn
  protocol  = "email"
  endpoint  = each.value
}
