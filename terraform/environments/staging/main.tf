# What differs from the other environments is in ../../settings.yaml.
locals {
  environment = "staging"
  settings    = yamldecode(file("${path.root}/../../settings.yaml"))
  tags        = merge(local.settings.tags, { Project = local.settings.project, Environment = local.environment })
}

module "stack" {
  source    = "../../modules/stack"
  providers = { aws = aws, aws.global = aws.global, aws.replica = aws.replica }

  project           = local.settings.project
  environment       = local.environment
  domain            = var.domain
  replica_region    = var.replica_region
  github_repository = var.github_repository
  people            = var.people
  release           = var.release
  settings          = local.settings.environments[local.environment]
}
