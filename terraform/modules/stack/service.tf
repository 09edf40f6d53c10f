module "service" {
  source = "../service"

  name                 = local.name
  permissions_boundary = module.delivery.permissions_boundary_arn
  environment          = var.environment
  service              = var.project

  vpc_id                          = module.network.vpc_id
  subnet_ids                      = module.network.private_subnet_ids
  load_balancer_security_group_id = module.edge.load_balancer.security_group_id
  container_port                  = local.container_port
  target_group_arn                = module.edge.target_groups.blue.arn
  listener_arns                   = [module.edge.production_listener_arn, module.edge.test_listener_arn]
  # Whose X-Forwarded-For is believed: the load balancer's, and CloudFront's before it.
  trusted_proxies = concat([module.network.cidr], module.edge.cloudfront_networks)

  database = {
    security_group_id = module.database.security_group_id
    address           = module.database.address
    port              = module.database.port
    name              = module.database.database_name
    resource_id       = module.database.resource_id
    max_connections   = var.settings.database.max_connections
    roles             = module.database_roles.roles
  }

  image           = local.image
  commit          = var.release.commit
  collector_image = var.release.collector_image
  architecture    = var.settings.service.architecture
  cpu             = var.settings.service.cpu
  memory          = var.settings.service.memory
  pool_size       = var.settings.service.pool_size
  capacity        = var.settings.service.capacity
  spot            = var.settings.service.spot
  settings        = var.settings.service.settings

  log_group         = module.observability.log_group
  metrics_log_group = module.observability.metrics_log_group

  logs_key           = module.protection.logs_key
  log_retention_days = var.settings.log_retention_days
}
