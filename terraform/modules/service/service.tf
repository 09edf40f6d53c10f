resource "aws_ecs_service" "this" {
  name             = var.name
  cluster          = aws_ecs_cluster.this.arn
  task_definition  = aws_ecs_task_definition.first.arn
  desired_count    = var.capacity.min
  platform_version = local.values.platform_version

  enable_ecs_managed_tags = true
  propagate_tags          = "SERVICE"
  wait_for_steady_state   = false

  # From a task's start until the load balancer's opinion counts: an image is pulled by then, but the service may still be starting.
  health_check_grace_period_seconds = 60

  deployment_controller {
    type = "CODE_DEPLOY"
  }

  load_balancer {
    target_group_arn = var.target_group_arn
    container_name   = local.template.containerDefinitions[0].name
    container_port   = var.container_port
  }

  network_configuration {
    subnets          = local.values.subnets
    security_groups  = local.values.security_groups
    assign_public_ip = false
  }

  dynamic "capacity_provider_strategy" {
    for_each = local.capacity_providers

    content {
      capacity_provider = capacity_provider_strategy.value.CapacityProvider
      base              = capacity_provider_strategy.value.Base
      weight            = capacity_provider_strategy.value.Weight
    }
  }

  lifecycle {
    # A deployment's, by the AppSpec. UpdateService refuses them under CODE_DEPLOY, and desired_count is the scaling's
    # (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html).
    ignore_changes = [
      task_definition,
      load_balancer,
      desired_count,
      network_configuration,
      platform_version,
      capacity_provider_strategy,
    ]

    # Refers to the listeners, too, which have to be there first.
    precondition {
      condition     = length(var.listener_arns) > 0 && var.container_port == local.template.containerDefinitions[0].portMappings[0].containerPort
      error_message = "container_port is ${var.container_port}, but the container listens on ${local.template.containerDefinitions[0].portMappings[0].containerPort} (codedeploy/taskdef.yaml). Set that."
    }
  }

  # Tasks start at once, and need their permissions until they have ended.
  depends_on = [
    aws_ecs_cluster_capacity_providers.this,
    aws_iam_role_policy.this,
    aws_vpc_security_group_egress_rule.this,
    aws_vpc_security_group_ingress_rule.load_balancer,
  ]
}
