locals {
  major = split(".", var.engine_version)[0]
}

resource "aws_db_subnet_group" "this" {
  name        = var.name
  description = "Subnets of the database ${var.name}"
  subnet_ids  = var.subnet_ids
}

resource "aws_db_instance" "this" {
  identifier     = var.name
  engine         = "postgres"
  engine_version = var.engine_version
  instance_class = var.instance_class
  db_name        = var.database_name
  port           = 5432
  multi_az       = var.multi_az

  auto_minor_version_upgrade  = true
  allow_major_version_upgrade = var.allow_major_version_upgrade
  apply_immediately           = var.apply_immediately
  # UTC, when few are up in Europe and America. Backups first.
  backup_window      = "02:00-03:00"
  maintenance_window = "tue:03:30-tue:04:30"

  storage_type          = "gp3"
  allocated_storage     = var.storage_gib
  max_allocated_storage = var.max_storage_gib
  storage_encrypted     = true
  kms_key_id            = var.key

  # The service logs in by IAM. RDS makes the master user's password, and another one every 7 days,
  # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
  username                            = "${var.database_name}_master"
  manage_master_user_password         = true
  master_user_secret_kms_key_id       = var.key
  iam_database_authentication_enabled = true

  db_subnet_group_name   = aws_db_subnet_group.this.name
  vpc_security_group_ids = [aws_security_group.this.id]
  parameter_group_name   = aws_db_parameter_group.this.name
  publicly_accessible    = false

  backup_retention_period   = var.backup_retention_days
  delete_automated_backups  = var.skip_final_snapshot
  deletion_protection       = var.deletion_protection
  skip_final_snapshot       = var.skip_final_snapshot
  final_snapshot_identifier = var.skip_final_snapshot ? null : "${var.name}-final-${terraform_data.created.output}"
  copy_tags_to_snapshot     = true

  performance_insights_enabled          = true
  performance_insights_kms_key_id       = var.key
  performance_insights_retention_period = 7
  monitoring_interval                   = 60
  monitoring_role_arn                   = aws_iam_role.monitoring.arn
  enabled_cloudwatch_logs_exports       = keys(aws_cloudwatch_log_group.this)

  tags = { (var.backup_tag.key) = var.backup_tag.value }

  depends_on = [aws_iam_role_policy_attachment.monitoring]
}

# A snapshot's name is taken for good: one that was made when a database of this name was deleted before would stop the next deletion.
resource "terraform_data" "created" {
  input = formatdate("YYYYMMDDhhmmss", plantimestamp())

  lifecycle {
    ignore_changes = [input]
  }
}
