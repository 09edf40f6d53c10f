# What Config and the access analyzer find, by mail. Otherwise somebody would have to look.
locals {
  news = {
    config = {
      description = "A resource breaks one of our rules of Config"
      pattern = {
        source        = ["aws.config"]
        "detail-type" = ["Config Rules Compliance Change"]
        detail = {
          messageType         = ["ComplianceChangeNotification"]
          configRuleName      = [{ prefix = "${local.project}-" }]
          newEvaluationResult = { complianceType = ["NON_COMPLIANT"] }
        }
      }
    }
    access = {
      description = "Somebody outside the account can reach a resource"
      pattern = {
        source        = ["aws.access-analyzer"]
        "detail-type" = ["Access Analyzer Finding"]
        detail        = { status = ["ACTIVE"] }
      }
    }
  }
}

resource "aws_sns_topic" "news" {
  name              = "${local.project}-account"
  kms_master_key_id = aws_kms_key.account.arn
}

resource "aws_sns_topic_policy" "news" {
  arn    = aws_sns_topic.news.arn
  policy = data.aws_iam_policy_document.news.json
}

data "aws_iam_policy_document" "news" {
  statement {
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.news.arn]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [for rule in aws_cloudwatch_event_rule.news : rule.arn]
    }
  }
}

resource "aws_sns_topic_subscription" "news" {
  for_each = toset(var.people.ticket)

  topic_arn = aws_sns_topic.news.arn
  protocol  = "email"
  endpoint  = each.key
}

resource "aws_cloudwatch_event_rule" "news" {
  for_each = local.news

  name          = "${local.project}-${each.key}"
  description   = each.value.description
  event_pattern = jsonencode(each.value.pattern)
}

resource "aws_cloudwatch_event_target" "news" {
  for_each = local.news

  rule = aws_cloudwatch_event_rule.news[each.key].name
  arn  = aws_sns_topic.news.arn
}
