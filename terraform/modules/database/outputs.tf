output "identifier" {
  description = "Name of the instance, as in the metrics of RDS."
  value       = aws_db_instance.this.identifier
}

output "resource_id" {
  description = "The id that RDS never gives again, `db-...`, by which IAM names the database (`rds-db:connect`)."
  value       = aws_db_instance.this.resource_id
}

output "arn" {
  description = "ARN of the instance."
  value       = aws_db_instance.this.arn
}

output "address" {
  description = "Host name of the instance, as in its certificate."
  value       = aws_db_instance.this.address
}

output "port" {
  description = "TCP port of PostgreSQL."
  value       = aws_db_instance.this.port
}

output "database_name" {
  description = "Name of the database in the instance."
  value       = aws_db_instance.this.db_name
}

output "master_secret_arn" {
  description = "ARN of the secret with the master user and the password, which RDS rotates."
  value       = aws_db_instance.this.master_user_secret[0].secret_arn
}

output "security_group_id" {
  description = "Security group of the database, for rules of those who admit themselves."
  value       = aws_security_group.this.id
}
