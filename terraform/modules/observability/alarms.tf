# The alarms of dashboards/alarms.yaml and gate.yaml.

locals {
  # for_each has to know the alarms' names at plan: AWS's names stay placeholders until a dimension is written.
  placeholders = { for name in keys(local.named_by_aws) : name => "<${name}>" }
  late         = { for name, value in local.named_by_aws : local.placeholders[name] => value }
  for_alarms   = merge(local.known, local.placeholders)

  service_alarms = yamldecode(templatefile("${local.dashboards}/alarms.yaml", local.for_alarms))
  gate = { for candidate, other in { blue = "green", green = "blue" } :
    candidate => yamldecode(templatefile("${local.dashboards}/gate.yaml", merge(local.for_alarms, {
      candidate              = candidate
      other                  = other
      candidate_target_group = local.placeholders["target_group_${candidate}"]
    })))
  }
  gate_alarms = concat(local.gate.blue.slot, local.gate.green.slot, local.gate.blue.shared)

  alarms = { for alarm in concat(local.service_alarms, local.gate_alarms) : alarm.name => alarm }

  thresholds = { for name, alarm in local.alarms : name => lookup(var.alarm_thresholds, name, alarm.threshold) }

  topics = { page = aws_sns_topic.page.arn, ticket = aws_sns_topic.ticket.arn }

  # A gate's alarm is one of the slot that is idle, or shared; a group without a deployment's own list takes those that have no `default: false`.
  gate_names = { for set, alarms in { blue = local.gate.blue.slot, green = local.gate.green.slot, shared = local.gate.blue.shared } :
    set => [for alarm in alarms : "${var.name}-${alarm.name}"]
  }
  gate_default = [for alarm in local.gate_alarms : "${var.name}-${alarm.name}" if lookup(alarm, "default", true)]

  # The sum is explained in codedeploy/rollout.yaml.
  detection_seconds = max([for alarm in local.gate_alarms :
    local.rollout.metric_export_interval_seconds
    + tonumber(trimsuffix(local.collector.processors["batch/metrics"].timeout, "s"))
    + local.rollout.metric_lag_seconds
    + (alarm.datapoints_to_alarm + 1) * alarm.period
  ]...)
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name = "${var.name}-${each.key}"
  # The summary speaks of the threshold in the file.
  alarm_description = join(" ", compact([
    each.value.summary,
    local.thresholds[each.key] == each.value.threshold ? "" : "Here the threshold is ${local.thresholds[each.key]}, instead of ${each.value.threshold}.",
    "Runbook: ${var.runbooks}/${each.value.runbook}.md",
  ]))

  comparison_operator = each.value.comparison
  threshold           = local.thresholds[each.key]
  evaluation_periods  = each.value.evaluation_periods
  datapoints_to_alarm = each.value.datapoints_to_alarm
  treat_missing_data  = each.value.missing_data

  alarm_actions = [local.topics[each.value.severity]]
  ok_actions    = [local.topics[each.value.severity]]

  dynamic "metric_query" {
    for_each = each.value.queries

    content {
      id          = metric_query.value.id
      label       = lookup(metric_query.value, "label", null)
      expression  = lookup(metric_query.value, "expression", null)
      return_data = lookup(metric_query.value, "return_data", false)

      dynamic "metric" {
        for_each = [for key, metric in metric_query.value : metric if key == "metric"]

        content {
          namespace   = metric.value.namespace
          metric_name = metric.value.name
          dimensions  = { for dimension, value in metric.value.dimensions : dimension => lookup(local.late, value, value) }
          stat        = metric.value.stat
          period      = each.value.period
        }
      }
    }
  }
}
