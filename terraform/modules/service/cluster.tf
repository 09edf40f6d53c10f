# ECS would make it for Container Insights, in the clear and for ever. So it is there before the cluster, and goes after it.
resource "aws_cloudwatch_log_group" "insights" {
  name              = "/aws/ecs/containerinsights/${var.name}/performance"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.logs_key
}

resource "aws_ecs_cluster" "this" {
  name = var.name

  # The dashboards' row of tasks is made of them.
  setting {
    name  = "containerInsights"
    value = "enabled"
  }

  depends_on = [aws_cloudwatch_log_group.insights]
}

resource "aws_ecs_cluster_capacity_providers" "this" {
  cluster_name       = aws_ecs_cluster.this.name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]
}

locals {
  # In the AppSpec's spelling, for it is what each deployment repeats.
  capacity_providers = var.spot == null ? [
    { CapacityProvider = "FARGATE", Base = 0, Weight = 1 },
    ] : [
    { CapacityProvider = "FARGATE", Base = var.spot.base, Weight = var.spot.on_demand_weight },
    { CapacityProvider = "FARGATE_SPOT", Base = 0, Weight = var.spot.spot_weight },
  ]
}
