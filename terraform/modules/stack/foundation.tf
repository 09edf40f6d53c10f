module "protection" {
  source    = "../protection"
  providers = { aws = aws, aws.replica = aws.replica }

  name                 = local.name
  permissions_boundary = module.delivery.permissions_boundary_arn
  log_retention_days   = var.settings.log_retention_days
  force_destroy        = var.settings.disposable
  backup               = var.settings.backup
  failures             = { topic = module.observability.topics.ticket }
}

module "network" {
  source = "../network"

  name                 = local.name
  permissions_boundary = module.delivery.permissions_boundary_arn
  cidr                 = var.settings.network.cidr
  zones                = var.settings.network.zones
  nat                  = var.settings.network.nat
  interface_endpoints  = var.settings.network.interface_endpoints
  open_ports           = [80, 443, local.test_port]
  private_open_ports   = var.settings.edge.cloudfront ? [443] : []
  logs_key             = module.protection.logs_key
  log_retention_days   = var.settings.log_retention_days
}
