locals {
  boards = { for board in ["ops", "deploy"] : board => jsondecode(templatefile("${local.dashboards}/${board}.json", merge(local.known, local.named_by_aws, {
    region    = data.aws_region.current.name
    log_group = aws_cloudwatch_log_group.service.name
    runbooks  = var.runbooks
    # 100 at most.
    alarm_arns = jsonencode(concat(
      [for name in sort(keys(local.alarms)) : aws_cloudwatch_metric_alarm.this[name].arn],
      [for name in sort(keys(local.anomalies)) : aws_cloudwatch_metric_alarm.anomaly[name].arn],
      [for name in sort(keys(var.functions)) : aws_cloudwatch_metric_alarm.function[name].arn],
    ))
  }))) }
}

# A red line is an alarm's threshold (dashboards/README.md), hence drawn where the alarm's is. Its label begins with the alarm's name.
resource "aws_cloudwatch_dashboard" "this" {
  for_each = toset(["ops", "deploy"])

  dashboard_name = "${var.name}-${each.key}"
  dashboard_body = jsonencode(merge(local.boards[each.key], {
    widgets = [for widget in local.boards[each.key].widgets : merge(widget, {
      properties = merge(widget.properties, {
        for key, annotations in widget.properties : key => merge(annotations, {
          horizontal = [for line in annotations.horizontal : merge(line, {
            for name in regex("^(?:Alarms? ([a-z-]+))?", line.label) : "value" => local.thresholds[name] if name != null
          })]
        }) if key == "annotations"
      })
    })]
  }))
}
