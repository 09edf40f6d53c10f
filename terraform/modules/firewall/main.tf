locals {
  # AWS's groups of rules, asked in this order after the rate: https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
  managed_rules = {
    AWSManagedRulesAmazonIpReputationList = { priority = 1, counting = [] }
    AWSManagedRulesKnownBadInputsRuleSet  = { priority = 2, counting = [] }
    AWSManagedRulesCommonRuleSet = {
      priority = 3
      # They block bodies above 8 KB and query strings above 2 KB. Documents are longer than that, and imports much longer: the service has limits
      # of its own, and says which one was passed.
      counting = ["SizeRestrictions_BODY", "SizeRestrictions_QUERYSTRING"]
    }
  }
}

resource "aws_wafv2_web_acl" "this" {
  #checkov:skip=CKV_AWS_192:AWSManagedRulesKnownBadInputsRuleSet is among the rules, by a dynamic block that checkov does not read; a test of the module does
  name        = var.name
  description = "What is refused before it reaches the service"
  scope       = var.scope

  default_action {
    allow {}
  }

  rule {
    name     = "rate"
    priority = 0

    action {
      block {
        custom_response {
          response_code            = 429
          custom_response_body_key = "rate-limited"

          response_header {
            name  = "retry-after"
            value = "300"
          }
        }
      }
    }

    # By the address of the connection. Nothing of ours stands in front of either place, so X-Forwarded-For would be the client's own invention.
    statement {
      rate_based_statement {
        aggregate_key_type    = "IP"
        evaluation_window_sec = 300
        limit                 = var.requests_per_five_minutes
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "rate"
      sampled_requests_enabled   = false
    }
  }

  dynamic "rule" {
    for_each = local.managed_rules

    content {
      name     = rule.key
      priority = rule.value.priority

      override_action {
        none {}
      }

      statement {
        managed_rule_group_statement {
          name        = rule.key
          vendor_name = "AWS"

          dynamic "rule_action_override" {
            for_each = rule.value.counting

            content {
              name = rule_action_override.value

              action_to_use {
                count {}
              }
            }
          }
        }
      }

      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = rule.key
        sampled_requests_enabled   = false
      }
    }
  }

  # As the service itself says it, for clients that tell errors by their code.
  custom_response_body {
    key          = "rate-limited"
    content_type = "APPLICATION_JSON"
    content = jsonencode({
      errors = [{
        message    = "too many requests from this address; try again in five minutes"
        extensions = { code = "RATE_LIMITED" }
      }]
    })
  }

  # Samples would show the headers that the log redacts.
  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = var.name
    sampled_requests_enabled   = false
  }
}
