module "rollout" {
  source = "../rollout"

  name                 = local.name
  permissions_boundary = module.delivery.permissions_boundary_arn
  cluster_name         = module.service.cluster_name
  service_name         = module.service.service_name
  listeners = {
    production = module.edge.production_listener_arn
    test       = module.edge.test_listener_arn
  }
  target_groups = {
    blue  = module.edge.target_groups.blue.name
    green = module.edge.target_groups.green.name
  }
  pass_role_arns = [module.service.task_role_arn, module.service.execution_role_arn]

  strategy                 = var.settings.rollout.strategy
  canary                   = { percentage = local.rollout.canary_percentage, interval_minutes = local.rollout.canary_interval_minutes }
  termination_wait_minutes = var.settings.rollout.termination_wait_minutes

  # CodeDeploy's default list; a release names those of its slot (docs/decisions/0016-canary-gate.md).
  alarms            = module.observability.gate.default
  detection_seconds = module.observability.detection_seconds

  hooks = {
    package           = local.packages["hooks"]
    architecture      = lower(var.settings.service.architecture)
    test_url          = module.edge.test_url
    production_url    = module.edge.production_url
    metrics_log_group = module.observability.metrics_log_group
    vpc               = { id = module.network.vpc_id, subnet_ids = module.network.private_subnet_ids }
    test_port         = local.test_port
    # Behind CloudFront the load balancer is inside.
    test_network = var.settings.edge.cloudfront ? var.settings.network.cidr : "0.0.0.0/0"
    schema_check = var.settings.rollout.schema_check
  }

  data_key           = module.protection.data_key
  logs_key           = module.protection.logs_key
  log_retention_days = var.settings.log_retention_days
}
