output "arn" {
  description = "ARN of the function."
  value       = aws_lambda_function.this.arn
}

output "name" {
  description = "Name of the function."
  value       = aws_lambda_function.this.function_name
}

output "role_arn" {
  description = "ARN of the role that the program has."
  value       = aws_iam_role.this.arn
}

output "security_group_id" {
  description = "The function's security group, which takes nothing in."
  value       = aws_security_group.this.id
}
