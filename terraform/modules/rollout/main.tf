data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.name

  # By names: the roles have to be there before what they are for.
  cluster_arn          = "arn:${local.partition}:ecs:${local.region}:${local.account}:cluster/${var.cluster_name}"
  service_arn          = "arn:${local.partition}:ecs:${local.region}:${local.account}:service/${var.cluster_name}/${var.service_name}"
  task_set_arns        = "arn:${local.partition}:ecs:${local.region}:${local.account}:task-set/${var.cluster_name}/${var.service_name}/*"
  task_arns            = "arn:${local.partition}:ecs:${local.region}:${local.account}:task/${var.cluster_name}/*"
  deployment_group_arn = "arn:${local.partition}:codedeploy:${local.region}:${local.account}:deploymentgroup:${var.name}/${var.name}"
}
