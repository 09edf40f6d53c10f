module "observability" {
  source = "../observability"

  name                 = local.name
  permissions_boundary = module.delivery.permissions_boundary_arn
  environment          = var.environment
  service              = var.project

  cluster       = module.service.cluster_name
  ecs_service   = module.service.service_name
  load_balancer = module.edge.load_balancer.arn_suffix
  target_groups = {
    blue  = module.edge.target_groups.blue.arn_suffix
    green = module.edge.target_groups.green.arn_suffix
  }
  database  = module.database.identifier
  functions = merge(module.rollout.function_names, { database_roles = module.database_roles.function_name })
  runbooks  = "https://github.com/${replace(var.github_repository, "/@[0-9]+/", "")}/blob/main/docs/runbooks"

  # Where the database takes more connections than the smallest one, the alarm moves along.
  alarm_thresholds = merge({ database-connections = floor(0.9 * var.settings.database.max_connections) }, var.settings.alarm_thresholds)

  page   = var.people.page
  ticket = var.people.ticket
  slack  = var.people.slack

  logs_key           = module.protection.logs_key
  log_retention_days = var.settings.log_retention_days
}
