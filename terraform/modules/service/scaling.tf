# Who suspends scaling while CodeDeploy works is the pipeline: `suspended_state` is not set here, and thus not taken back.

locals {
  scheduled   = length(var.capacity.schedules) > 0
  resource_id = "service/${aws_ecs_cluster.this.name}/${aws_ecs_service.this.name}"
  target      = one(concat(aws_appautoscaling_target.fixed, aws_appautoscaling_target.scheduled))
}

# Two of the same, as `ignore_changes` cannot depend on anything: with schedules, minimum and maximum are theirs, and an apply in the evening must not bring
# back the day's. They are one thing to AWS: when the first schedule comes or the last one goes, one has to be gone before the other is made, and
# the policies, which AWS deletes with it, are made anew.
resource "terraform_data" "scheduled" {
  input = local.scheduled
}

resource "aws_appautoscaling_target" "fixed" {
  count = local.scheduled ? 0 : 1

  service_namespace  = "ecs"
  resource_id        = local.resource_id
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = var.capacity.min
  max_capacity       = var.capacity.max
}

resource "aws_appautoscaling_target" "scheduled" {
  count = local.scheduled ? 1 : 0

  service_namespace  = "ecs"
  resource_id        = local.resource_id
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = var.capacity.min
  max_capacity       = var.capacity.max

  lifecycle {
    ignore_changes = [min_capacity, max_capacity]
  }

  depends_on = [aws_appautoscaling_target.fixed]
}

resource "aws_appautoscaling_scheduled_action" "this" {
  for_each = var.capacity.schedules

  name               = "${var.name}-${each.key}"
  service_namespace  = local.target.service_namespace
  resource_id        = local.target.resource_id
  scalable_dimension = local.target.scalable_dimension
  schedule           = "cron(${each.value.cron})"
  timezone           = each.value.timezone

  scalable_target_action {
    min_capacity = each.value.min
    max_capacity = each.value.max
  }
}

# Not requests per target (ALBRequestCountPerTarget): that names one target group, and traffic changes its own with every deployment.
resource "aws_appautoscaling_policy" "this" {
  for_each = {
    cpu    = { metric = "ECSServiceAverageCPUUtilization", target = var.capacity.cpu_target }
    memory = { metric = "ECSServiceAverageMemoryUtilization", target = var.capacity.memory_target }
  }

  name               = "${var.name}-${each.key}"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = local.target.service_namespace
  resource_id        = local.target.resource_id
  scalable_dimension = local.target.scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value       = each.value.target
    scale_out_cooldown = 60
    scale_in_cooldown  = 300

    predefined_metric_specification {
      predefined_metric_type = each.value.metric
    }
  }

  lifecycle {
    replace_triggered_by = [terraform_data.scheduled]
  }
}
