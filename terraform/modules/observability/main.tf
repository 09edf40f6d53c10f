data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  dashboards = "${path.module}/../../../dashboards"
  codedeploy = "${path.module}/../../../codedeploy"

  rollout   = yamldecode(file("${local.codedeploy}/rollout.yaml"))
  collector = yamldecode(file("${local.codedeploy}/collector.yaml"))

  # What boards and alarms are about: the placeholders of dashboards/README.md that are known when Terraform plans …
  known = {
    service     = var.service
    environment = var.environment
    namespace   = local.collector.exporters.awsemf.namespace
  }
  # … and names that AWS gives, some of them only after the apply.
  named_by_aws = {
    cluster            = var.cluster
    ecs_service        = var.ecs_service
    load_balancer      = var.load_balancer
    target_group_blue  = var.target_groups.blue
    target_group_green = var.target_groups.green
    database           = var.database
  }
}
