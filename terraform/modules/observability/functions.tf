# A hook that judges a release as bad succeeds. Errors are of a function that crashed or ran out of time.
resource "aws_cloudwatch_metric_alarm" "function" {
  for_each = var.functions

  alarm_name        = "${var.name}-function-${replace(each.key, "_", "-")}-errors"
  alarm_description = "The function ${each.value} crashed, or did not end in time. Runbook: ${var.runbooks}/functions.md"

  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = each.value }
  statistic           = "Sum"
  period              = 300
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  datapoints_to_alarm = 1
  # Most functions are called rarely.
  treat_missing_data = "notBreaching"

  alarm_actions = [aws_sns_topic.ticket.arn]
  ok_actions    = [aws_sns_topic.ticket.arn]
}
