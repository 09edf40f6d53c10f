# What is worth reading of the traces. There are no sampling rules: the service samples, and what it sends is kept.

locals {
  trace_groups = {
    faults = "fault = true"
    # As the alarm: what it calls slow.
    slow = "responsetime > ${local.thresholds["graphql-latency"]}"
  }
}

resource "aws_xray_group" "this" {
  for_each = local.trace_groups

  group_name = "${var.name}-${each.key}"
  # Attributes of a resource are annotations by the name that the collector gives them (codedeploy/collector.yaml).
  filter_expression = "${each.value} AND service(\"${var.service}\") AND annotation[otel.resource.deployment.environment.name] = \"${var.environment}\""

  insights_configuration {
    insights_enabled      = true
    notifications_enabled = false
  }
}
