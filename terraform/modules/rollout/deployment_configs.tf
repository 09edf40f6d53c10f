# They cannot be changed, nor deleted while a group has them: another number is another name, made first.
# https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations-create.html

resource "aws_codedeploy_deployment_config" "canary" {
  deployment_config_name = "${var.name}-canary-${var.canary.percentage}-percent-${var.canary.interval_minutes}-minutes"
  compute_platform       = "ECS"

  traffic_routing_config {
    type = "TimeBasedCanary"

    time_based_canary {
      percentage = var.canary.percentage
      interval   = var.canary.interval_minutes
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_codedeploy_deployment_config" "linear" {
  deployment_config_name = "${var.name}-linear-${var.linear.percentage}-percent-every-${var.linear.interval_minutes}-minutes"
  compute_platform       = "ECS"

  traffic_routing_config {
    type = "TimeBasedLinear"

    time_based_linear {
      percentage = var.linear.percentage
      interval   = var.linear.interval_minutes
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

locals {
  strategies = {
    canary      = aws_codedeploy_deployment_config.canary.deployment_config_name
    linear      = aws_codedeploy_deployment_config.linear.deployment_config_name
    all_at_once = "CodeDeployDefault.ECSAllAtOnce"
  }
}
