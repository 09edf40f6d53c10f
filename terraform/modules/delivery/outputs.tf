output "role_arns" {
  description = "Role ARN for each job: `plan`, `drift`, `apply`, `deploy`, `rollback`."
  value       = { for job, role in module.role : job => role.arn }
}

output "github_environments" {
  description = "Name of the GitHub environment that each job has to have."
  value       = local.github_environments
}

output "permissions_boundary_arn" {
  description = "ARN of the policy that no role of the environment exceeds. The role of `apply` makes no role without it."
  value       = aws_iam_policy.boundary.arn
}
