# What Config and the access analyzer find, by mail. Otherwise somebody would have to look.
# https://docs.aws.amazon.com/config/latest/developerguide/monitor-config-with-cloudwatchevents.html
# https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-eventbridge.html
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
      paths = {
        rule     = "$.detail.configRuleName"
        type     = "$.detail.resourceType"
        resource = "$.detail.resourceId"
        region   = "$.region"
      }
      mail = [
        "<type> <resource> breaks the rule <rule>.",
        "What the rule wants, and what it found: https://console.aws.amazon.com/config/home?region=<region>#/rules/details?configRuleName=<rule>",
        "Was it changed by hand? Then apply the root it belongs to once more. Otherwise mend it in Terraform.",
      ]
    }
    access = {
      description = "Somebody outside the account can reach a resource"
      pattern = {
        source        = ["aws.access-analyzer"]
        "detail-type" = ["Access Analyzer Finding"]
        detail        = { status = ["ACTIVE"] }
      }
      paths = {
        type     = "$.detail.resourceType"
        resource = "$.detail.resource"
        region   = "$.region"
      }
      mail = [
        "Somebody outside the account can reach <type> <resource>.",
        "Who, and what they may do: https://console.aws.amazon.com/access-analyzer/home?region=<region>#/findings",
        "Is it meant? Then archive the finding. Otherwise take the permission away, in Terraform.",
      ]
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

  input_transformer {
    input_paths = each.value.paths
    # Each line a string of JSON, with its < and > as they are.
    input_template = join("\n", [for line in each.value.mail : "\"${line}\""])
  }
}
