resource "aws_scheduler_schedule_group" "this" {
  name = var.name
}

resource "aws_scheduler_schedule" "prober" {
  #checkov:skip=CKV_AWS_297:Its only content is the word probe. A key would protect nothing, and be one more thing that can fail.
  name                = "${var.name}-prober"
  description         = "Asks the candidate, so that the gate's alarms have something to judge on a quiet day"
  group_name          = aws_scheduler_schedule_group.this.name
  schedule_expression = "rate(1 minute)"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = module.function["prober"].arn
    role_arn = aws_iam_role.scheduler.arn
    input    = jsonencode({ probe = {} })

    # The next one comes in a minute.
    retry_policy {
      maximum_event_age_in_seconds = 60
      maximum_retry_attempts       = 0
    }
  }
}

resource "aws_iam_role" "scheduler" {
  name        = "${var.name}-scheduler"
  description = "EventBridge Scheduler for ${var.name}: calls the prober"

  # Of the group, not of the schedule: https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "scheduler.amazonaws.com" }
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account }
        ArnEquals    = { "aws:SourceArn" = aws_scheduler_schedule_group.this.arn }
      }
    }]
  })

  permissions_boundary = var.permissions_boundary
}

resource "aws_iam_role_policy" "scheduler" {
  name = "probe"
  role = aws_iam_role.scheduler.id

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = "Probe", Effect = "Allow", Action = ["lambda:InvokeFunction"], Resource = [module.function["prober"].arn] }]
  })
}
