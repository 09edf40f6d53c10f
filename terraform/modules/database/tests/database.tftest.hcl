mock_provider "aws" {
  source = "../../tests/mocks"

  mock_resource "aws_db_instance" {
    defaults = { master_user_secret = [{ secret_arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!db-mock" }] }
  }
}

variables {
  database_name             = "taproom"
  name                      = "taproom-test"
  vpc_id                    = "vpc-1"
  subnet_ids                = ["subnet-a", "subnet-b"]
  client_security_group_ids = { service = "sg-service" }
  engine_version            = "16"
  instance_class            = "db.t4g.micro"
  storage_gib               = 20
  max_storage_gib           = 100
  multi_az                  = true
  max_connections           = 100
  backup_retention_days     = 7
  deletion_protection       = true
  skip_final_snapshot       = false
  key                       = "arn:aws:kms:eu-west-1:123456789012:key/data"
  logs_key                  = "arn:aws:kms:eu-west-1:123456789012:key/logs"
  log_retention_days        = 30
  backup_tag                = { key = "Backup", value = "daily" }
}

run "is_private_and_encrypted" {
  assert {
    condition     = !aws_db_instance.this.publicly_accessible && aws_db_instance.this.storage_encrypted && aws_db_instance.this.kms_key_id == var.key
    error_message = "The database is public, or its storage is not encrypted by the given key."
  }

  assert {
    condition     = one([for parameter in aws_db_parameter_group.this.parameter : parameter.value if parameter.name == "rds.force_ssl"]) == "1"
    error_message = "The database takes connections without TLS."
  }

  assert {
    condition     = aws_db_instance.this.parameter_group_name == aws_db_parameter_group.this.name && aws_db_parameter_group.this.family == "postgres16"
    error_message = "The parameters are not the instance's."
  }
}

run "has_no_password_in_the_state" {
  assert {
    condition     = aws_db_instance.this.manage_master_user_password && aws_db_instance.this.password == null && aws_db_instance.this.master_user_secret_kms_key_id == var.key
    error_message = "The master user's password is not RDS's own affair."
  }

  assert {
    condition     = aws_db_instance.this.iam_database_authentication_enabled
    error_message = "Nobody can log in by IAM."
  }

  assert {
    condition     = output.master_secret_arn == "arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!db-mock"
    error_message = "The secret of the master user is not told."
  }
}

run "takes_connections_from_its_clients_only" {
  assert {
    condition = (
      keys(aws_vpc_security_group_ingress_rule.client) == ["service"] &&
      aws_vpc_security_group_ingress_rule.client["service"].referenced_security_group_id == "sg-service" &&
      aws_vpc_security_group_ingress_rule.client["service"].cidr_ipv4 == null
    )
    error_message = "Others than the clients may connect."
  }
}

run "accepts_as_many_connections_as_told" {
  assert {
    condition     = one([for parameter in aws_db_parameter_group.this.parameter : parameter.value if parameter.name == "max_connections"]) == "100"
    error_message = "max_connections is RDS' default."
  }
}

run "has_log_groups_before_rds_makes_them" {
  assert {
    condition = alltrue([
      for export in aws_db_instance.this.enabled_cloudwatch_logs_exports :
      aws_cloudwatch_log_group.this[export].name == "/aws/rds/instance/taproom-test/${export}" &&
      aws_cloudwatch_log_group.this[export].kms_key_id == var.logs_key
    ]) && length(aws_db_instance.this.enabled_cloudwatch_logs_exports) == 2
    error_message = "A log is exported to a group without key or retention."
  }
}

run "is_backed_up_and_leaves_a_snapshot" {
  assert {
    condition     = aws_db_instance.this.backup_retention_period == 7 && aws_db_instance.this.tags["Backup"] == "daily"
    error_message = "The database is not backed up."
  }

  assert {
    condition     = can(regex("^taproom-test-final-[0-9]{14}$", aws_db_instance.this.final_snapshot_identifier)) && !aws_db_instance.this.skip_final_snapshot
    error_message = "There is no last snapshot, or its name is not its own."
  }
}

run "may_be_thrown_away" {
  variables {
    deletion_protection = false
    skip_final_snapshot = true
  }

  assert {
    condition     = aws_db_instance.this.final_snapshot_identifier == null && aws_db_instance.this.delete_automated_backups
    error_message = "Something of the database is kept."
  }
}

run "a_minor_version_has_the_parameters_of_its_major_one" {
  variables {
    engine_version = "17.2"
  }

  assert {
    condition     = aws_db_parameter_group.this.family == "postgres17" && aws_db_parameter_group.this.name == "taproom-test-postgres17" && aws_db_instance.this.engine_version == "17.2"
    error_message = "The family does not fit the version."
  }
}
