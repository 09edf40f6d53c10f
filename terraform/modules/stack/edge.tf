module "edge" {
  source    = "../edge"
  providers = { aws = aws, aws.global = aws.global }

  name               = local.name
  vpc_id             = module.network.vpc_id
  public_subnet_ids  = module.network.public_subnet_ids
  private_subnet_ids = module.network.private_subnet_ids
  host               = local.host
  zone_id            = data.aws_route53_zone.domain.zone_id
  container_port     = local.container_port
  test_port          = local.test_port

  # Who may look at a candidate: the hooks, and operators.
  nat_addresses                  = module.network.nat_addresses
  test_client_security_group_ids = module.rollout.security_group_ids
  operators                      = var.people.operators

  cloudfront          = var.settings.edge.cloudfront
  waf                 = { requests_per_five_minutes = var.settings.edge.requests_per_five_minutes }
  deletion_protection = !var.settings.disposable
  logs_bucket         = module.protection.logs_bucket
  logs_key            = module.protection.logs_key
  log_retention_days  = var.settings.log_retention_days
}
