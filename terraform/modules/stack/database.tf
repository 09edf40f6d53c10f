module "database" {
  source = "../database"

  name                 = local.name
  permissions_boundary = module.delivery.permissions_boundary_arn
  vpc_id               = module.network.vpc_id
  subnet_ids           = module.network.database_subnet_ids
  # The function of database_roles admits itself, for its call has to wait for that.
  client_security_group_ids = { service = module.service.security_group_id }

  engine_version              = var.settings.database.engine_version
  instance_class              = var.settings.database.instance_class
  storage_gib                 = var.settings.database.storage_gib
  max_storage_gib             = var.settings.database.max_storage_gib
  multi_az                    = var.settings.database.multi_az
  max_connections             = var.settings.database.max_connections
  backup_retention_days       = var.settings.database.backup_retention_days
  apply_immediately           = var.settings.database.apply_immediately
  allow_major_version_upgrade = var.settings.database.allow_major_version_upgrade
  deletion_protection         = !var.settings.disposable
  skip_final_snapshot         = var.settings.disposable
  backup_tag                  = module.protection.backup_tag
  database_name               = var.project

  key                = module.protection.data_key
  logs_key           = module.protection.logs_key
  log_retention_days = var.settings.log_retention_days
}

module "database_roles" {
  source = "../database_roles"

  name                 = local.name
  permissions_boundary = module.delivery.permissions_boundary_arn
  architecture         = lower(var.settings.service.architecture)
  package              = local.packages["database_roles"]
  vpc                  = { id = module.network.vpc_id, subnet_ids = module.network.private_subnet_ids }
  database = {
    address           = module.database.address
    port              = module.database.port
    name              = module.database.database_name
    resource_id       = module.database.resource_id
    master_secret_arn = module.database.master_secret_arn
    security_group_id = module.database.security_group_id
  }
  roles = local.database_roles

  introspection_key = { secret_arn = module.rollout.introspection_key_secret_arn }

  data_key           = module.protection.data_key
  logs_key           = module.protection.logs_key
  log_retention_days = var.settings.log_retention_days
}
