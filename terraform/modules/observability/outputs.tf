output "log_group" {
  description = "Log group of the service and the collector."
  value       = { name = aws_cloudwatch_log_group.service.name, arn = aws_cloudwatch_log_group.service.arn }
}

output "metrics_log_group" {
  description = "Log group that CloudWatch makes metrics of."
  value       = { name = aws_cloudwatch_log_group.metrics.name, arn = aws_cloudwatch_log_group.metrics.arn }
}

output "topics" {
  description = "ARNs of the topics `page` and `ticket`."
  value       = local.topics
}

output "gate" {
  description = "Names of the gate's alarms: `blue` and `green` as candidate, `shared`, and `default` for the deployment group."
  value       = merge(local.gate_names, { default = local.gate_default })

  # https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-create-alarms.html
  precondition {
    condition     = length(local.gate_default) <= 10
    error_message = "The deployment group would have ${length(local.gate_default)} alarms, and CodeDeploy takes 10: mark some of dashboards/gate.yaml with default: false."
  }
}

output "detection_seconds" {
  description = "Seconds until the slowest alarm of the gate has gone off. A canary has to last longer."
  value       = local.detection_seconds
}

output "dashboard_names" {
  description = "Names of the dashboards, `ops` and `deploy`."
  value       = { for board, dashboard in aws_cloudwatch_dashboard.this : board => dashboard.dashboard_name }
}

output "alarm_names" {
  description = "Names of all alarms."
  value       = sort([for alarm in concat(values(aws_cloudwatch_metric_alarm.this), values(aws_cloudwatch_metric_alarm.anomaly), values(aws_cloudwatch_metric_alarm.function)) : alarm.alarm_name])
}
