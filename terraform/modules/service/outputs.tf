output "cluster_name" {
  description = "Name of the cluster."
  value       = aws_ecs_cluster.this.name
}

output "cluster_arn" {
  description = "ARN of the cluster."
  value       = aws_ecs_cluster.this.arn
}

output "service_name" {
  description = "Name of the service, once it exists."
  value       = aws_ecs_service.this.name
}

output "security_group_id" {
  description = "Security group of the tasks, which the database has to admit."
  value       = aws_security_group.this.id
}

output "task_role_arn" {
  description = "Role of the service and the collector."
  value       = aws_iam_role.this["task"].arn
}

output "execution_role_arn" {
  description = "Role by which ECS pulls images and writes logs."
  value       = aws_iam_role.this["execution"].arn
}

output "migration_role_arn" {
  description = "Role of a release's migration."
  value       = aws_iam_role.this["migration"].arn
}

output "task_definition_family" {
  description = "Family of all task definitions."
  value       = aws_ecs_task_definition.first.family
}

output "values" {
  description = "Values for `codedeploy/render`, as its README's table says: Terraform's, but for the two hooks."
  value       = local.values
}
