mock_provider "aws" {
  source = "../tests/mocks"

  mock_resource "aws_iam_openid_connect_provider" {
    defaults = { arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }
  }

  mock_data "aws_iam_openid_connect_provider" {
    defaults = { arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }
  }

  mock_resource "aws_iam_service_linked_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig" }
  }

  mock_resource "aws_ce_anomaly_monitor" {
    defaults = { arn = "arn:aws:ce::123456789012:anomalymonitor/00000000-0000-0000-0000-000000000000" }
  }

  mock_resource "aws_ecr_repository" {
    defaults = { arn = "arn:aws:ecr:eu-west-1:123456789012:repository/taproom" }
  }
}

mock_provider "aws" {
  alias  = "global"
  source = "../tests/mocks"
}

variables {
  region            = "eu-west-1"
  domain            = "example.com"
  github_repository = "example/taproom"
  people            = { ticket = ["team@example.com"] }
}

run "a_fresh_account_gets_all_of_it" {
  assert {
    condition     = aws_cloudtrail.this[0].is_multi_region_trail && aws_cloudtrail.this[0].enable_log_file_validation && aws_cloudtrail.this[0].kms_key_id != ""
    error_message = "The trail leaves out a region, or could be altered or read."
  }

  assert {
    condition = alltrue([
      for group in [aws_cloudwatch_log_group.trail[0], aws_cloudwatch_log_group.dns[0], aws_cloudwatch_log_group.database_monitoring[0]] : group.retention_in_days > 0 && group.kms_key_id != ""
    ])
    error_message = "A log group has no retention or no key."
  }

  assert {
    condition     = aws_cloudwatch_log_group.database_monitoring[0].name == "RDSOSMetrics"
    error_message = "RDS writes Enhanced Monitoring to RDSOSMetrics and to no other, and makes that without a key."
  }

  assert {
    condition     = aws_s3_account_public_access_block.this[0].restrict_public_buckets && aws_ebs_encryption_by_default.this[0].enabled
    error_message = "A bucket of the account could be public, or a volume unencrypted."
  }

  assert {
    condition     = output.ds_record == null && length(aws_route53_hosted_zone_dnssec.domain) == 0
    error_message = "The zone is signed though the domain may not point to it yet."
  }

  assert {
    condition     = length(aws_ce_cost_allocation_tag.this) == 0
    error_message = "Tags are activated before billing knows them, which AWS refuses."
  }
}

run "config_records_what_is_judged_only" {
  command = plan

  assert {
    condition     = !aws_config_configuration_recorder.this[0].recording_group[0].all_supported
    error_message = "Everything is recorded, network interfaces of each task among it, and each item costs."
  }

  assert {
    condition = length(setintersection(
      aws_config_configuration_recorder.this[0].recording_group[0].resource_types,
      ["AWS::EC2::NetworkInterface", "AWS::ECS::TaskDefinition", "AWS::ECS::Service", "AWS::ElasticLoadBalancingV2::Listener"],
    )) == 0
    error_message = "What every deployment changes is recorded, and each item costs."
  }

  assert {
    condition     = alltrue([for name, rule in aws_config_config_rule.this : startswith(rule.name, "${local.project}-")])
    error_message = "A rule's name does not begin as the event pattern of the news asks for."
  }
}

# EventBridge takes each line as a string of JSON, and leaves out what it has no path for, silently.
run "news_are_sentences" {
  command = plan

  assert {
    condition = alltrue([
      for target in aws_cloudwatch_event_target.news : alltrue([
        for line in split("\n", target.input_transformer[0].input_template) : can(regex("[.]$|https://", jsondecode(line)))
      ])
    ])
    error_message = "A mail is not made of sentences."
  }

  assert {
    condition = alltrue([
      for target in aws_cloudwatch_event_target.news :
      toset(flatten(regexall("<([a-z]+)>", target.input_transformer[0].input_template))) == toset(keys(target.input_transformer[0].input_paths))
    ])
    error_message = "A mail names what is not taken from the event, or takes what it does not name."
  }
}

# Only what is pushed to the main branch of this one repository may build, and nothing built may be replaced or deleted.
run "the_build_adds_and_takes_nothing_away" {
  command = plan

  assert {
    condition = length([
      for action in flatten(data.aws_iam_policy_document.build.statement[*].actions) : action
      if strcontains(action, "*") || can(regex("Delete|Policy|Tagging|Lifecycle", action))
    ]) == 0
    error_message = "The build's role may do more than add."
  }

  assert {
    condition = alltrue([
      for statement in data.aws_iam_policy_document.build.statement : anytrue([
        for condition in statement.condition : condition.test == "Null" && condition.variable == "s3:if-none-match" && tolist(condition.values) == tolist(["false"])
      ]) if contains(statement.actions, "s3:PutObject")
    ])
    error_message = "A package can be replaced by another under the same hash."
  }
}

run "somebody_hears_of_money" {
  command = plan

  assert {
    condition = toset([
      for notification in aws_budgets_budget.monthly.notification : "${notification.notification_type} ${notification.threshold}"
    ]) == toset(["ACTUAL 80", "ACTUAL 100", "FORECASTED 100"])
    error_message = "The budget tells at other points than at 80 and 100 % spent and 100 % foreseen."
  }

  assert {
    condition     = alltrue([for notification in aws_budgets_budget.monthly.notification : contains(notification.subscriber_email_addresses, "team@example.com")])
    error_message = "A notification of the budget reaches nobody."
  }

  assert {
    condition     = !aws_budgets_budget.monthly.cost_types[0].include_credit
    error_message = "Credits hide what things cost."
  }
}

run "services_reach_keys_and_buckets_for_this_account_only" {
  command = plan

  assert {
    condition = alltrue([
      for statement in concat(
        data.aws_iam_policy_document.key.statement, data.aws_iam_policy_document.audit.statement, data.aws_iam_policy_document.dns_key.statement,
        data.aws_iam_policy_document.dns_logs[0].statement, data.aws_iam_policy_document.news.statement, data.aws_iam_policy_document.trail_trust.statement,
      ) :
      anytrue([
        for condition in statement.condition :
        contains(["aws:SourceArn", "aws:SourceAccount", "kms:EncryptionContext:aws:logs:arn"], condition.variable)
      ]) if anytrue([for principal in statement.principals : principal.type == "Service"]) && statement.sid != "EncryptNews"
    ])
    error_message = "A service could be sent here by another account."
  }

  assert {
    condition     = [for statement in data.aws_iam_policy_document.key.statement : length(statement.condition) if contains(flatten(statement.principals[*].identifiers), "events.amazonaws.com")] == [0]
    error_message = "EventBridge does not publish to a topic whose key asks for the source: nobody would hear the news."
  }

  assert {
    condition = alltrue([
      for principal in flatten([
        for document in [data.aws_iam_policy_document.key, data.aws_iam_policy_document.dns_key, data.aws_iam_policy_document.audit] : document.statement[*].principals
      ]) : !contains(principal.identifiers, "*")
    ])
    error_message = "Anybody is let in."
  }
}

run "what_exists_is_left_as_it_is" {
  variables {
    existing = [
      "access_analyzer", "anomaly_monitor", "config", "database_monitoring", "ebs_encryption", "github_oidc", "password_policy", "public_access_block", "trail", "zone",
    ]
  }

  assert {
    condition = length(concat(
      aws_accessanalyzer_analyzer.account, aws_ce_anomaly_monitor.services, aws_ce_anomaly_subscription.daily,
      aws_config_configuration_recorder.this, values(aws_config_config_rule.this), aws_iam_service_linked_role.config,
      aws_ebs_encryption_by_default.this, aws_iam_openid_connect_provider.github, aws_iam_account_password_policy.this,
      aws_s3_account_public_access_block.this, aws_cloudtrail.this, aws_cloudwatch_log_group.trail, module.audit,
      aws_route53_zone.domain, aws_route53_query_log.domain, aws_kms_key.dns, aws_cloudwatch_log_group.database_monitoring,
    )) == 0
    error_message = "Something is made, or taken over, that the account has already."
  }

  assert {
    condition     = output.build_role_arn != "" && output.repository_url != ""
    error_message = "What a release needs is missing."
  }

  assert {
    condition     = output.name_servers == null
    error_message = "Name servers are given of a zone that is not ours."
  }
}

run "config_alone_still_has_a_bucket" {
  command = plan

  variables {
    existing = ["trail"]
  }

  assert {
    condition     = length(module.audit) == 1 && length(aws_config_delivery_channel.this) == 1
    error_message = "Config has nowhere to write to."
  }
}

run "a_day_later_tags_tell_costs_apart" {
  command = plan

  variables {
    cost_tags = true
  }

  assert {
    condition     = contains(keys(aws_ce_cost_allocation_tag.this), "Environment")
    error_message = "Costs cannot be told apart by environment."
  }
}

run "signing_gives_a_record_for_the_registrar" {
  command = plan

  variables {
    dnssec = true
  }

  assert {
    condition     = aws_kms_key.dnssec[0].customer_master_key_spec == "ECC_NIST_P256" && aws_kms_key.dnssec[0].key_usage == "SIGN_VERIFY"
    error_message = "Route 53 takes keys of this kind only."
  }
}
