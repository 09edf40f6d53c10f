output "data_key" {
  description = "ARN of the KMS key of data: database, secrets, artifacts, backups."
  value       = aws_kms_key.data.arn
}

output "logs_key" {
  description = "ARN of the KMS key of log groups and topics in this region. CloudWatch Logs, alarms and EventBridge may use it."
  value       = aws_kms_key.logs.arn
}

output "artifacts_bucket" {
  description = "Bucket of what pipelines leave behind: `id` (its name) and `arn`."
  value       = { id = module.artifacts.id, arn = module.artifacts.arn }
}

output "logs_bucket" {
  description = "Bucket that load balancers, S3 and CloudFront write logs to: `id` (its name), `arn` and `regional_domain_name`, which CloudFront wants."
  value       = { id = module.logs.id, arn = module.logs.arn, regional_domain_name = module.logs.regional_domain_name }
}

output "backup_tag" {
  description = "`key` and `value` of the tag by which a resource is backed up."
  value       = local.backup_tag
}
