module "regional_firewall" {
  source = "../firewall"
  count  = var.cloudfront ? 0 : 1

  name                      = var.name
  scope                     = "REGIONAL"
  requests_per_five_minutes = var.waf.requests_per_five_minutes
  logs_key                  = var.logs_key
  log_retention_days        = var.log_retention_days
}

resource "aws_wafv2_web_acl_association" "load_balancer" {
  count = var.cloudfront ? 0 : 1

  resource_arn = aws_lb.this.arn
  web_acl_arn  = module.regional_firewall[0].arn
}

module "global_firewall" {
  source    = "../firewall"
  count     = var.cloudfront ? 1 : 0
  providers = { aws = aws.global }

  name                      = var.name
  scope                     = "CLOUDFRONT"
  requests_per_five_minutes = var.waf.requests_per_five_minutes
  logs_key                  = aws_kms_key.global_logs[0].arn
  log_retention_days        = var.log_retention_days
}
