locals {
  # Terraform's part of the table in codedeploy/README.md, but for the hooks, which are the rollout's.
  values = {
    family             = var.name
    cpu                = tostring(var.cpu)
    memory             = tostring(var.memory)
    architecture       = var.architecture
    execution_role_arn = aws_iam_role.this["execution"].arn
    task_role_arn      = aws_iam_role.this["task"].arn

    collector_image   = var.collector_image
    collector_config  = file("${local.codedeploy}/collector.yaml")
    environment       = var.environment
    service           = var.service
    region            = local.region
    log_group         = var.log_group.name
    metrics_log_group = var.metrics_log_group.name

    database_url       = "postgres://${var.database.roles.app}@${local.database}"
    database_pool_size = tostring(var.pool_size)
    trusted_proxies    = join(",", var.trusted_proxies)

    rate_limit        = var.settings.rate_limit == null ? null : tostring(var.settings.rate_limit)
    cors_origins      = length(var.settings.cors_origins) == 0 ? null : join(",", var.settings.cors_origins)
    jwt_issuer        = var.settings.jwt == null ? null : var.settings.jwt.issuer
    jwt_audience      = var.settings.jwt == null ? null : var.settings.jwt.audience
    jwt_jwks_url      = var.settings.jwt == null ? null : var.settings.jwt.jwks_url
    log               = var.settings.log
    metric_operations = length(var.settings.metric_operations) == 0 ? null : join(",", var.settings.metric_operations)
    trace_ratio       = var.settings.trace_ratio == null ? null : tostring(var.settings.trace_ratio)

    cluster            = aws_ecs_cluster.this.name
    subnets            = var.subnet_ids
    security_groups    = [aws_security_group.this.id]
    platform_version   = "1.4.0"
    capacity_providers = local.capacity_providers

    migration_role_arn      = aws_iam_role.this["migration"].arn
    migration_database_url  = "postgres://${var.database.roles.migrator}@${local.database}"
    migration_database_role = var.database.roles.owner
  }

  database = "${var.database.address}:${var.database.port}/${var.database.name}"
}
