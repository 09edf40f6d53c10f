output "url" {
  description = "Where users are."
  value       = module.edge.production_url
}

output "test_url" {
  description = "Where a candidate is during a deployment, for hooks and operators."
  value       = module.edge.test_url
}

output "deployment" {
  description = "`s3://…` of what a release needs: `values`, those of `codedeploy/README.md` that are this environment's, and `rollout`, where and how it is deployed."
  value       = { for name, object in aws_s3_object.deployment : name => "s3://${object.bucket}/${object.key}" }
}

output "roles" {
  description = "Role ARN for each job of the pipeline."
  value       = module.delivery.role_arns
}

output "github_environments" {
  description = "Environments that GitHub has to have, by job."
  value       = module.delivery.github_environments
}

output "introspection_key_secret" {
  description = "ARN of the secret that the hooks' API key belongs into."
  value       = module.rollout.introspection_key_secret_arn
}

output "dashboards" {
  description = "Names of the CloudWatch dashboards."
  value       = module.observability.dashboard_names
}
