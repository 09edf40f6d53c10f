mock_provider "aws" {
  source = "../../tests/mocks"
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

run "a_name_that_rds_does_not_take" {
  command = plan

  variables {
    name = "taproom--test"
  }

  expect_failures = [var.name]
}

run "a_single_zone" {
  command = plan

  variables {
    subnet_ids = ["subnet-a"]
  }

  expect_failures = [var.subnet_ids]
}

run "a_version_that_is_too_old" {
  command = plan

  variables {
    engine_version = "13.4"
  }

  expect_failures = [var.engine_version]
}

run "a_version_that_is_none" {
  command = plan

  variables {
    engine_version = "latest"
  }

  expect_failures = [var.engine_version]
}

run "an_instance_class_of_ec2" {
  command = plan

  variables {
    instance_class = "t4g.micro"
  }

  expect_failures = [var.instance_class]
}

run "less_storage_than_rds_gives" {
  command = plan

  variables {
    storage_gib = 10
  }

  expect_failures = [var.storage_gib]
}

run "storage_that_hardly_grows" {
  command = plan

  variables {
    max_storage_gib = 21
  }

  expect_failures = [var.max_storage_gib]
}

run "hardly_any_connections" {
  command = plan

  variables {
    max_connections = 10
  }

  expect_failures = [var.max_connections]
}

run "no_backups" {
  command = plan

  variables {
    backup_retention_days = 0
  }

  expect_failures = [var.backup_retention_days]
}

run "backups_for_longer_than_rds_keeps_them" {
  command = plan

  variables {
    backup_retention_days = 36
  }

  expect_failures = [var.backup_retention_days]
}

run "protection_without_a_last_snapshot" {
  command = plan

  variables {
    skip_final_snapshot = true
  }

  expect_failures = [var.skip_final_snapshot]
}

run "a_database_name_that_needs_quotes" {
  command = plan

  variables {
    database_name = "Taproom-DB"
  }

  expect_failures = [var.database_name]
}

run "an_upgrade_that_waits_for_the_maintenance_window" {
  command = plan

  variables {
    allow_major_version_upgrade = true
  }

  expect_failures = [var.allow_major_version_upgrade]
}
