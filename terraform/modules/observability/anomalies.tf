# What no fixed threshold tells: more, fewer or slower requests than at this hour of other weeks. CloudWatch learns what is usual from two weeks
# (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Anomaly_Detection.html).

locals {
  anomalies = {
    requests-anomaly = {
      summary    = "The load balancer gets far more or far fewer requests than usual at this time."
      comparison = "LessThanLowerOrGreaterThanUpperThreshold"
      metric     = "RequestCount"
      stat       = "Sum"
      label      = "Requests in 5 minutes"
      runbook    = "load-balancer"
    }
    latency-anomaly = {
      summary    = "Tasks take far longer than usual at this time for one request in twenty."
      comparison = "GreaterThanUpperThreshold"
      metric     = "TargetResponseTime"
      stat       = "p95"
      label      = "p95 in s"
      runbook    = "latency"
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "anomaly" {
  for_each = local.anomalies

  alarm_name        = "${var.name}-${each.key}"
  alarm_description = "${each.value.summary} Runbook: ${var.runbooks}/${each.value.runbook}.md"

  comparison_operator = each.value.comparison
  threshold_metric_id = "usual"
  evaluation_periods  = 6
  datapoints_to_alarm = 4
  # No request is no data. On an environment that is used at times only, that is usual.
  treat_missing_data = "notBreaching"

  # Unusual is not broken: nobody is woken up.
  alarm_actions = [aws_sns_topic.ticket.arn]
  ok_actions    = [aws_sns_topic.ticket.arn]

  metric_query {
    id          = "usual"
    label       = "Usual"
    expression  = "ANOMALY_DETECTION_BAND(observed, ${var.anomaly_band})"
    return_data = true
  }

  metric_query {
    id          = "observed"
    label       = each.value.label
    return_data = true

    metric {
      namespace   = "AWS/ApplicationELB"
      metric_name = each.value.metric
      dimensions  = { LoadBalancer = var.load_balancer }
      stat        = each.value.stat
      period      = 300
    }
  }
}
