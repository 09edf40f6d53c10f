# What there is once per account, whatever the number of environments. Sizes and names are in ../settings.yaml.
locals {
  settings = yamldecode(file("${path.module}/../settings.yaml"))
  project  = local.settings.project
  tags     = merge(local.settings.tags, { Project = local.settings.project, Environment = "account" })

  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}
