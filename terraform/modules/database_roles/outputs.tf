output "roles" {
  description = "Names of the roles. They are known once the roles are there."
  value       = var.roles
  # Whoever logs in by them waits for them.
  depends_on = [aws_lambda_invocation.roles]
}

output "security_group_id" {
  description = "The function's security group. The database admits it already."
  value       = module.function.security_group_id
}

output "function_name" {
  description = "Name of the function."
  value       = module.function.name
}
