mock_provider "aws" { source = "../../tests/mocks" }

variables {
  service            = "taproom"
  name               = "taproom-staging"
  environment        = "staging"
  cluster            = "taproom-staging"
  ecs_service        = "taproom"
  load_balancer      = "app/taproom-staging/0123456789abcdef"
  target_groups      = { blue = "targetgroup/blue/0123456789abcdef", green = "targetgroup/green/0123456789abcdef" }
  database           = "taproom-staging"
  functions          = { prober = "taproom-staging-prober", after_allow_traffic = "taproom-staging-after-allow-traffic" }
  runbooks           = "https://example.com/runbooks"
  logs_key           = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000000"
  log_retention_days = 30
  page               = ["on-call@example.com"]
}

run "all_alarms_of_the_files" {
  # Names are read here anew, by their lines; those of the gate's slots twice.
  assert {
    condition = toset(keys(aws_cloudwatch_metric_alarm.this)) == toset(concat(
      flatten(regexall("(?m)^- name: \"([a-z-]+)\"", file("../../../dashboards/alarms.yaml"))),
      flatten([for slot in ["blue", "green"] : [for name in flatten(regexall("(?m)^  - name: \"([^\"]+)\"", file("../../../dashboards/gate.yaml"))) : replace(name, "$${candidate}", slot)]]),
    ))
    error_message = "${length(aws_cloudwatch_metric_alarm.this)} alarms: ${join(", ", keys(aws_cloudwatch_metric_alarm.this))}"
  }
  assert {
    condition     = length(output.alarm_names) == length(aws_cloudwatch_metric_alarm.this) + 2 + length(var.functions)
    error_message = "alarm_names has ${length(output.alarm_names)}"
  }
  assert {
    condition = alltrue([for alarm in concat(values(aws_cloudwatch_metric_alarm.this), values(aws_cloudwatch_metric_alarm.anomaly), values(aws_cloudwatch_metric_alarm.function)) :
      fileexists("../../../docs/runbooks/${basename(alarm.alarm_description)}") &&
      startswith(alarm.alarm_name, "taproom-staging-") && length(alarm.alarm_actions) == 1 && alarm.alarm_actions == alarm.ok_actions
    ])
    error_message = "an alarm lacks its prefix, a runbook that is there, or somebody to tell"
  }
  assert {
    condition = alltrue([for name, alarm in merge(aws_cloudwatch_metric_alarm.anomaly, aws_cloudwatch_metric_alarm.function) :
      strcontains(file("../../../docs/runbooks/${basename(alarm.alarm_description)}"), replace(name, "/^(prober|after_allow_traffic)$/", "function-…-errors"))
    ])
    error_message = "a runbook does not name the alarm that leads to it"
  }
  assert {
    condition = (aws_cloudwatch_metric_alarm.this["graphql-faults"].alarm_actions == toset([aws_sns_topic.page.arn])
    && aws_cloudwatch_metric_alarm.this["cpu"].alarm_actions == toset([aws_sns_topic.ticket.arn]))
    error_message = "severity and topic do not belong together"
  }
}

run "alarms_ask_what_the_files_ask" {
  assert {
    condition = [for query in aws_cloudwatch_metric_alarm.this["unhealthy-hosts"].metric_query : query.metric[0].dimensions if query.id == "green"][0] == tomap({
      LoadBalancer = "app/taproom-staging/0123456789abcdef", TargetGroup = "targetgroup/green/0123456789abcdef"
    })
    error_message = "names of AWS do not reach the dimensions"
  }
  assert {
    condition = [for query in aws_cloudwatch_metric_alarm.this["gate-green-faults"].metric_query : query.metric[0] if query.id == "faults"][0].dimensions == tomap({
      "service.name" = "taproom", "deployment.environment.name" = "staging", "taproom.slot" = "green"
    })
    error_message = "the gate's alarm of green does not watch green"
  }
  assert {
    condition     = !strcontains(jsonencode(aws_cloudwatch_metric_alarm.this), "\\u003c")
    error_message = "a placeholder is left in an alarm"
  }
  assert {
    condition = alltrue([for alarm in aws_cloudwatch_metric_alarm.this :
      length([for query in alarm.metric_query : query if query.return_data]) == 1 && alarm.treat_missing_data == "notBreaching"
    ])
    error_message = "an alarm does not judge one series, or goes off for want of data"
  }
}

run "the_gate" {
  assert {
    condition     = length(output.gate.blue) == length(output.gate.green) && length(setintersection(output.gate.blue, output.gate.green)) == 0
    error_message = "blue has ${join(", ", output.gate.blue)}; green has ${join(", ", output.gate.green)}"
  }
  assert {
    condition = length(output.gate.default) == (2 * (length(output.gate.blue) - length(regexall("(?m)^    default: false", file("../../../dashboards/gate.yaml"))))
    + length(output.gate.shared))
    error_message = "the group's own list is ${join(", ", output.gate.default)}"
  }
  assert {
    condition     = length(setsubtract(concat(output.gate.blue, output.gate.green, output.gate.shared, output.gate.default), output.alarm_names)) == 0
    error_message = "the gate names an alarm that is not there"
  }
  assert {
    condition = output.detection_seconds == max([for alarm in aws_cloudwatch_metric_alarm.this : (
      yamldecode(file("../../../codedeploy/rollout.yaml")).metric_export_interval_seconds
      + tonumber(one(regex("batch/metrics:\\n *timeout: ([0-9]+)s", file("../../../codedeploy/collector.yaml"))))
      + yamldecode(file("../../../codedeploy/rollout.yaml")).metric_lag_seconds
      + (alarm.datapoints_to_alarm + 1) * one(distinct([for query in alarm.metric_query : query.metric[0].period if length(query.metric) > 0]))
    ) if strcontains(alarm.alarm_name, "-gate-")]...)
    error_message = "detection_seconds is ${output.detection_seconds}"
  }
}

run "a_threshold_of_this_environment" {
  variables {
    alarm_thresholds = { database-connections = 300, gate-blue-latency = 2 }
  }

  assert {
    condition = (aws_cloudwatch_metric_alarm.this["database-connections"].threshold == 300
    && strcontains(aws_cloudwatch_metric_alarm.this["database-connections"].alarm_description, "Here the threshold is 300, instead of 80."))
    error_message = aws_cloudwatch_metric_alarm.this["database-connections"].alarm_description
  }
  assert {
    condition     = strcontains(aws_cloudwatch_dashboard.this["ops"].dashboard_body, "\"label\":\"Alarm database-connections\",\"value\":300")
    error_message = "the board's line is not where the alarm's threshold is"
  }
  assert {
    condition     = strcontains(aws_cloudwatch_dashboard.this["deploy"].dashboard_body, "\"label\":\"Alarm gate-blue-latency: p95\",\"value\":2")
    error_message = "the board's line is not where the gate's threshold is"
  }
}

run "boards_are_the_files" {
  assert {
    condition = alltrue([for board, dashboard in aws_cloudwatch_dashboard.this :
      length(jsondecode(dashboard.dashboard_body).widgets) == length(regexall("\"type\": \"", file("../../../dashboards/${board}.json")))
      && !strcontains(dashboard.dashboard_body, "$${")
    ])
    error_message = "a widget is missing, or a placeholder is left"
  }
  assert {
    condition     = length(flatten([for widget in jsondecode(aws_cloudwatch_dashboard.this["ops"].dashboard_body).widgets : lookup(widget.properties, "alarms", [])])) == length(output.alarm_names)
    error_message = "the operations board does not show all alarms"
  }
}

run "topics_and_logs_are_closed" {
  assert {
    condition = alltrue([for document in data.aws_iam_policy_document.topic :
      length(document.statement) == 3
      && one(document.statement[0].principals).identifiers == toset(["cloudwatch.amazonaws.com"])
      && toset([for condition in document.statement[0].condition : condition.variable]) == toset(["aws:SourceAccount", "aws:SourceArn"])
      && one(document.statement[1].principals).identifiers == toset(["events.amazonaws.com"])
      && one(one(document.statement[1].condition).values) == "arn:aws:events:eu-west-1:123456789012:rule/taproom-staging-*"
      && document.statement[2].effect == "Deny" && one(document.statement[2].condition).variable == "aws:SecureTransport"
    ])
    error_message = "a topic takes messages of others"
  }
  assert {
    condition     = alltrue([for topic in [aws_sns_topic.page, aws_sns_topic.ticket] : topic.kms_master_key_id == var.logs_key])
    error_message = "a topic is not encrypted with the key"
  }
  assert {
    condition     = alltrue([for group in [aws_cloudwatch_log_group.service, aws_cloudwatch_log_group.metrics] : group.kms_key_id == var.logs_key && group.retention_in_days == 30])
    error_message = "a log group lacks key or retention"
  }
}

run "runbooks_queries_are_saved" {
  assert {
    condition     = strcontains(aws_cloudwatch_query_definition.runbook["latency/1"].query_string, "pct(duration_ms, 95)")
    error_message = "latency.md's first query is not saved"
  }
  assert {
    condition = length(aws_cloudwatch_query_definition.runbook) == sum([for page in fileset("../../../docs/runbooks", "*.md") :
    length(regexall("(?m)^ *```\\n *(filter|fields|stats)", file("../../../docs/runbooks/${page}")))])
    error_message = "saved are ${join(", ", keys(aws_cloudwatch_query_definition.runbook))}"
  }
}

run "trace_groups_have_names_that_xray_takes" {
  variables {
    name        = "taproom-production-eu-we"
    environment = "production-eu-we"
  }

  assert {
    condition     = alltrue([for group in aws_xray_group.this : length(group.group_name) <= 32])
    error_message = "X-Ray takes 32 characters: ${join(", ", [for group in aws_xray_group.this : group.group_name])}"
  }
}

run "chat" {
  variables {
    page  = []
    slack = { workspace = "T0123ABCD", channel = "C0123ABCD" }
  }

  assert {
    condition     = endswith(one(aws_chatbot_slack_channel_configuration.this[0].guardrail_policy_arns), ":aws:policy/CloudWatchReadOnlyAccess")
    error_message = "the channel may do more than look"
  }
}

run "nobody_is_told" {
  command = plan
  variables {
    page = []
  }
  expect_failures = [var.page]
}

run "no_mail_address" {
  command = plan
  variables {
    page   = ["on-call"]
    ticket = ["team example.com"]
  }
  expect_failures = [var.page, var.ticket]
}

run "no_such_alarm" {
  command = plan
  variables {
    alarm_thresholds = { databse-cpu = 90 }
  }
  expect_failures = [var.alarm_thresholds]
}

run "names_that_do_not_fit" {
  command = plan
  variables {
    name          = "taproom-production"
    load_balancer = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/mock/0123456789abcdef"
    target_groups = { blue = "blue", green = "targetgroup/green/0123456789abcdef" }
    runbooks      = "https://example.com/runbooks/"
    slack         = { workspace = "Acme", channel = "#alarms" }
  }
  expect_failures = [var.name, var.load_balancer, var.target_groups, var.runbooks, var.slack]
}

run "numbers_that_do_not_fit" {
  command = plan
  variables {
    log_retention_days = 31
    anomaly_band       = 0
  }
  expect_failures = [var.log_retention_days, var.anomaly_band]
}
