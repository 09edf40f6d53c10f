mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name                      = "taproom-test"
  scope                     = "REGIONAL"
  requests_per_five_minutes = 2500
  logs_key                  = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000000"
  log_retention_days        = 30
}

run "rules" {
  command = plan

  assert {
    condition = [for rule in aws_wafv2_web_acl.this.rule : rule.name] == [
      "rate", "AWSManagedRulesAmazonIpReputationList", "AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet",
    ]
    error_message = "there are other rules: ${jsonencode([for rule in aws_wafv2_web_acl.this.rule : rule.name])}"
  }

  assert {
    condition     = length(distinct([for rule in aws_wafv2_web_acl.this.rule : rule.priority])) == length(aws_wafv2_web_acl.this.rule)
    error_message = "two rules have one priority"
  }

  # Nothing of AWS's groups is disarmed but these two.
  assert {
    condition = { for rule in aws_wafv2_web_acl.this.rule : rule.name => [
      for override in rule.statement[0].managed_rule_group_statement[0].rule_action_override : override.name if length(override.action_to_use[0].count) == 1
      ] if rule.name != "rate" } == {
      AWSManagedRulesAmazonIpReputationList = []
      AWSManagedRulesKnownBadInputsRuleSet  = []
      AWSManagedRulesCommonRuleSet          = ["SizeRestrictions_BODY", "SizeRestrictions_QUERYSTRING"]
    }
    error_message = "other rules count than those of size"
  }

  assert {
    condition     = alltrue([for rule in aws_wafv2_web_acl.this.rule : length(rule.override_action[0].none) == 1 if rule.name != "rate"])
    error_message = "a whole group of rules only counts"
  }
}

run "too_many_requests_are_answered_as_the_service_does" {
  command = plan

  assert {
    condition     = one([for rule in aws_wafv2_web_acl.this.rule : rule if rule.name == "rate"]).statement[0].rate_based_statement[0].limit == 2500
    error_message = "the limit is not the one given"
  }

  assert {
    condition     = one([for rule in aws_wafv2_web_acl.this.rule : rule if rule.name == "rate"]).action[0].block[0].custom_response[0].response_code == 429
    error_message = "the status is not 429"
  }

  assert {
    condition     = jsondecode(one(aws_wafv2_web_acl.this.custom_response_body).content).errors[0].extensions.code == "RATE_LIMITED"
    error_message = "the body is no GraphQL error with the code RATE_LIMITED"
  }
}

run "the_log_has_a_key_and_no_credentials" {
  command = apply

  assert {
    condition     = aws_cloudwatch_log_group.this.name == "aws-waf-logs-taproom-test" && aws_cloudwatch_log_group.this.kms_key_id == var.logs_key && aws_cloudwatch_log_group.this.retention_in_days == 30
    error_message = "the log group has another name, key or retention"
  }

  assert {
    condition     = toset(flatten([for field in aws_wafv2_web_acl_logging_configuration.this.redacted_fields : field.single_header[*].name])) == toset(["authorization", "cookie"])
    error_message = "the log has credentials"
  }

  assert {
    condition     = alltrue([for visibility in concat(aws_wafv2_web_acl.this.visibility_config, flatten(aws_wafv2_web_acl.this.rule[*].visibility_config)) : !visibility.sampled_requests_enabled])
    error_message = "samples would show credentials"
  }

  assert {
    condition     = alltrue([for statement in data.aws_iam_policy_document.delivery.statement : toset(statement.condition[*].variable) == toset(["aws:SourceAccount", "aws:SourceArn"])])
    error_message = "other accounts' web ACLs may write to the log"
  }
}

run "refuses_a_long_name" {
  command = plan

  variables {
    name = "taproom-integration-testing"
  }

  expect_failures = [var.name]
}

run "refuses_an_unknown_scope" {
  command = plan

  variables {
    scope = "GLOBAL"
  }

  expect_failures = [var.scope]
}

run "refuses_a_limit_below_what_a_release_sends" {
  command = plan

  variables {
    requests_per_five_minutes = 1000
  }

  expect_failures = [var.requests_per_five_minutes]
}

run "refuses_a_retention_that_there_is_not" {
  command = plan

  variables {
    log_retention_days = 31
  }

  expect_failures = [var.log_retention_days]
}
