# RDS writes Enhanced Monitoring of every database of the region to this log group and to no other, and makes it without a key if it is not there.
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.html
resource "aws_cloudwatch_log_group" "database_monitoring" {
  #checkov:skip=CKV_AWS_338:Processes and memory of a database are of no use after a month
  count = contains(var.existing, "database_monitoring") ? 0 : 1

  name              = "RDSOSMetrics"
  retention_in_days = 30
  kms_key_id        = aws_kms_key.account.arn
}
