data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  partition = data.aws_partition.current.partition
  account   = data.aws_caller_identity.current.account_id
  region    = data.aws_region.current.name
  here      = "${local.region}:${local.account}"
  arn       = "arn:${local.partition}"

  # Where the environment is: its own region, that of backups' copies, and that from which CloudFront takes certificates and firewalls.
  regions = distinct([local.region, var.replica_region, "us-east-1"])

  # What is called by the environment's name, or by that and a dash: `taproom-staging` is not `taproom-staging2`.
  called = { for kind, prefix in {
    alarm           = "cloudwatch:${local.here}:alarm:"
    dashboard       = "cloudwatch::${local.account}:dashboard/"
    topic           = "sns:${local.here}:"
    function        = "lambda:${local.here}:function:"
    secret          = "secretsmanager:${local.here}:secret:"
    bucket          = "s3:::"
    role            = "iam::${local.account}:role/"
    schedule_group  = "scheduler:${local.here}:schedule-group/"
    trace_group     = "xray:${local.here}:group/"
    rule            = "events:${local.here}:rule/"
    vault           = "backup:${local.here}:backup-vault:"
    replica_vault   = "backup:${var.replica_region}:${local.account}:backup-vault:"
    application     = "codedeploy:${local.here}:application:"
    configuration   = "codedeploy:${local.here}:deploymentconfig:"
    cluster         = "ecs:${local.here}:cluster/"
    task_definition = "ecs:${local.here}:task-definition/"
  } : kind => ["${local.arn}:${prefix}${var.name}", "${local.arn}:${prefix}${var.name}-*"] }

  # Keys are in all of its regions: the firewall's of CloudFront logs to us-east-1.
  key_arns   = [for region in local.regions : "${local.arn}:kms:${region}:${local.account}:key/*"]
  alias_arns = flatten([for region in local.regions : [for ending in ["", "-*"] : "${local.arn}:kms:${region}:${local.account}:alias/${var.name}${ending}"]])

  # Beside the environment's own, some of AWS's names have a prefix: /aws/lambda/…, aws-waf-logs-….
  log_groups = { for region in local.regions : region => [
    for ending in ["", ":*", "-*", "/*"] : "${local.arn}:logs:${region}:${local.account}:log-group:*${var.name}${ending}"
  ] }

  # The roots tag everything so, by the provider's default tags. Where AWS makes up the name itself, it is how a resource is told.
  ours      = { StringEquals = { "aws:ResourceTag/Environment" = var.environment } }
  here_only = { StringEquals = { "aws:RequestedRegion" = local.regions } }

  policies = {
    plan     = { read = local.read, state = local.read_state }
    drift    = { read = local.read, state = local.read_state }
    apply    = merge({ read = local.read, state = concat(local.read_state, local.write_state) }, local.apply)
    deploy   = { release = local.release, migrate = local.migrate }
    rollback = { release = local.release }
  }

  # Jobs, each in a GitHub environment of its own whose rules guard the role. That of the deployment is called as the environment, since GitHub shows
  # deployments by it.
  github_environments = { for job in keys(local.policies) : job => job == "deploy" ? var.environment : "${var.environment}-${job}" }

  descriptions = {
    plan     = "Plans ${var.name} for a pull request"
    drift    = "Plans ${var.name} at night, to see what others changed"
    apply    = "Applies Terraform to ${var.name}"
    deploy   = "Releases to ${var.name}"
    rollback = "Takes a release of ${var.name} back"
  }
}

module "role" {
  source   = "../github_role"
  for_each = local.policies

  name              = "${var.name}-${each.key}"
  description       = local.descriptions[each.key]
  oidc_provider_arn = var.oidc_provider_arn
  subjects          = ["repo:${var.github_repository}:environment:${local.github_environments[each.key]}"]
  policies          = { for policy, statements in each.value : policy => jsonencode({ Version = "2012-10-17", Statement = statements }) }
  # A deployment is followed to its end, and scaling resumed after it: canary, hooks and the old tasks' hour together take longer than one (codedeploy/rollout/waits.py).
  max_session = contains(["deploy", "rollback"], each.key) ? 21600 : 3600
}
