mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  roles   = { owner = "taproom_owner", migrator = "taproom_migrator", app = "taproom_app" }
  name    = "taproom-test"
  package = { bucket = "packages", key = "functions/database-roles/hash.zip", hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
  vpc     = { id = "vpc-1", subnet_ids = ["subnet-a", "subnet-b"] }
  database = {
    address           = "taproom-test.abc.eu-west-1.rds.amazonaws.com"
    port              = 5432
    name              = "taproom"
    resource_id       = "db-ONE"
    master_secret_arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!db-1"
    security_group_id = "sg-database"
  }
  data_key           = "arn:aws:kms:eu-west-1:123456789012:key/data"
  logs_key           = "arn:aws:kms:eu-west-1:123456789012:key/logs"
  log_retention_days = 30
}

run "a_name_that_is_too_long" {
  command = plan

  variables {
    name = "taproom-test-of-a-name-that-is-too-long"
  }

  expect_failures = [var.name]
}

run "a_role_that_postgresql_keeps_to_itself" {
  command = plan

  variables {
    roles = { owner = "pg_owner", migrator = "taproom_migrator", app = "taproom_app" }
  }

  expect_failures = [var.roles]
}

run "a_role_that_rds_keeps_to_itself" {
  command = plan

  variables {
    roles = { owner = "taproom_owner", migrator = "taproom_migrator", app = "rdsadmin" }
  }

  expect_failures = [var.roles]
}

run "a_role_that_needs_quotes" {
  command = plan

  variables {
    roles = { owner = "taproom_owner", migrator = "taproom_migrator", app = "Taproom App" }
  }

  expect_failures = [var.roles]
}

run "everybody" {
  command = plan

  variables {
    roles = { owner = "taproom_owner", migrator = "taproom_migrator", app = "public" }
  }

  expect_failures = [var.roles]
}

run "one_role_for_two" {
  command = plan

  variables {
    roles = { owner = "taproom_owner", migrator = "taproom_app", app = "taproom_app" }
  }

  expect_failures = [var.roles]
}
