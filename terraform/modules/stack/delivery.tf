module "delivery" {
  source = "../delivery"

  name              = local.name
  environment       = var.environment
  replica_region    = var.replica_region
  github_repository = var.github_repository
  oidc_provider_arn = data.aws_iam_openid_connect_provider.github.arn

  state = {
    bucket_arn  = "arn:${data.aws_partition.current.partition}:s3:::${var.project}-state-${data.aws_caller_identity.current.account_id}"
    key         = "${var.environment}/terraform.tfstate"
    kms_key_arn = data.aws_kms_alias.state.target_key_arn
  }
  artifacts           = { bucket_arn = module.protection.artifacts_bucket.arn, key_arn = module.protection.data_key }
  packages_bucket_arn = "arn:${data.aws_partition.current.partition}:s3:::${local.packages_bucket}"
  repository_arn      = data.aws_ecr_repository.service.arn
  zone_id             = data.aws_route53_zone.domain.zone_id

  cluster            = module.service.cluster_name
  ecs_service        = module.service.service_name
  task_family        = module.service.task_definition_family
  pass_role_arns     = [module.service.task_role_arn, module.service.execution_role_arn]
  migration_role_arn = module.service.migration_role_arn
  log_group_arn      = module.observability.log_group.arn
  codedeploy = {
    application    = module.rollout.application
    group          = module.rollout.deployment_group
    configurations = values(module.rollout.deployment_configs)
  }
  roles_function = module.database_roles.function_name
  # The owner cannot log in.
  database_users = [local.database_roles.migrator, local.database_roles.app]
  disposable     = var.settings.disposable
}
