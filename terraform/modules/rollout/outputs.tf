output "application" {
  description = "Name of the CodeDeploy application."
  value       = aws_codedeploy_app.this.name
}

output "deployment_group" {
  description = "Name of its deployment group."
  value       = aws_codedeploy_deployment_group.this.deployment_group_name
}

output "deployment_configs" {
  description = "Names of the deployment configurations `canary` and `linear`, for a deployment that is to have another than the group's."
  value = {
    canary = aws_codedeploy_deployment_config.canary.deployment_config_name
    linear = aws_codedeploy_deployment_config.linear.deployment_config_name
  }
}

output "hooks" {
  description = "ARNs of the hooks' functions, for the AppSpec: `after_allow_test_traffic` and `after_allow_traffic`."
  value       = { for name, hook in local.hooks : name => module.function[hook.key].arn }
}

output "function_names" {
  description = "Names of all functions, by what they are: the two hooks and `prober`."
  value       = { for key, function in module.function : key => function.name }
}

output "security_group_ids" {
  description = "Security groups of the functions, by the same keys, for whoever has to admit them."
  value       = { for key, function in module.function : key => function.security_group_id }
}

output "introspection_key_secret_arn" {
  description = "ARN of the secret that takes the API key for comparing schemas."
  value       = aws_secretsmanager_secret.introspection_key.arn
}
