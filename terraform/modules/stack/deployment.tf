# What a release needs to know of this environment, as two objects in the artifacts bucket.

locals {
  deployment = {
    # For `codedeploy/render`, beside the release's own values.
    values = merge(module.service.values, {
      hook_after_allow_test_traffic = module.rollout.hooks.after_allow_test_traffic
      hook_after_allow_traffic      = module.rollout.hooks.after_allow_traffic
    })

    # For who creates a deployment and follows it.
    rollout = {
      application    = module.rollout.application
      group          = module.rollout.deployment_group
      configurations = module.rollout.deployment_configs
      cluster        = module.service.cluster_name
      service        = module.service.service_name
      listener       = module.edge.production_listener_arn
      target_groups  = { for slot, group in module.edge.target_groups : slot => group.arn }
      gate           = module.observability.gate
      url            = module.edge.production_url
      test_url       = module.edge.test_url

      # What is suspended meanwhile, by Application Auto Scaling's name of it.
      scaling = "service/${module.service.cluster_name}/${module.service.service_name}"

      # Where a hook says why it stopped a release.
      hooks = {
        for event, key in { AfterAllowTestTraffic = "after-allow-test-traffic", AfterAllowTraffic = "after-allow-traffic" } : event => {
          function                                = module.rollout.function_names[key]
          log_group                               = "/aws/lambda/${module.rollout.function_names[key]}"
        }
      }

      # Who makes the key by which the hooks compare schemas, and where it is kept; null if they do not.
      introspection = var.settings.rollout.schema_check ? {
        function = module.database_roles.function_name
        secret   = module.rollout.introspection_key_secret_arn
      } : null

      dashboards = module.observability.dashboard_names
    }
  }
}

resource "aws_s3_object" "deployment" {
  for_each = local.deployment

  bucket                 = module.protection.artifacts_bucket.id
  key                    = "deployment/${each.key}.json"
  content                = jsonencode(each.value)
  content_type           = "application/json"
  server_side_encryption = "aws:kms"
  kms_key_id             = module.protection.data_key
}
