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

run "asks_for_the_roles" {
  assert {
    condition     = jsondecode(aws_lambda_invocation.roles.input) == { roles = { owner = "taproom_owner", migrator = "taproom_migrator", app = "taproom_app" } }
    error_message = "The function is not asked for the roles."
  }

  assert {
    condition     = output.roles == { owner = "taproom_owner", migrator = "taproom_migrator", app = "taproom_app" }
    error_message = "The roles that were asked for are not told."
  }
}

run "asks_again_for_other_roles" {
  variables {
    roles = { owner = "taproom_owner", migrator = "taproom_migrator", app = "beer_app" }
  }

  assert {
    condition     = jsondecode(aws_lambda_invocation.roles.input).roles.app == "beer_app"
    error_message = "Another specification does not lead to another invocation."
  }
}

run "asks_again_after_another_program_or_database" {
  variables {
    package = { bucket = "packages", key = "functions/database-roles/other.zip", hash = "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=" }
    database = {
      address           = "taproom-test.abc.eu-west-1.rds.amazonaws.com"
      port              = 5432
      name              = "taproom"
      resource_id       = "db-TWO"
      master_secret_arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!db-1"
      security_group_id = "sg-database"
    }
  }

  assert {
    condition     = aws_lambda_invocation.roles.triggers == tomap({ database = "db-TWO", program = "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=" })
    error_message = "The roles of a new database, or by a new program, are not set up."
  }
}

run "the_database_admits_the_function" {
  assert {
    condition = (
      aws_vpc_security_group_ingress_rule.database.security_group_id == "sg-database" &&
      aws_vpc_security_group_ingress_rule.database.referenced_security_group_id == output.security_group_id &&
      aws_vpc_security_group_ingress_rule.database.to_port == 5432
    )
    error_message = "The function cannot reach the database."
  }
}

run "reads_the_master_secret_and_no_other" {
  assert {
    condition = [for statement in data.aws_iam_policy_document.program.statement : statement.resources if contains(statement.actions, "secretsmanager:GetSecretValue")] == [
      toset(["arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!db-1"])
    ]
    error_message = "The function may read other secrets."
  }

  assert {
    condition     = alltrue([for statement in data.aws_iam_policy_document.program.statement : !contains(statement.actions, "secretsmanager:PutSecretValue")])
    error_message = "The function may write secrets unasked."
  }
}

run "may_keep_the_introspection_key" {
  variables {
    introspection_key = { secret_arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:introspection" }
  }

  assert {
    condition = [for statement in data.aws_iam_policy_document.program.statement : statement.resources if contains(statement.actions, "secretsmanager:PutSecretValue")] == [
      toset(["arn:aws:secretsmanager:eu-west-1:123456789012:secret:introspection"])
    ]
    error_message = "The function may not write the secret, or may write others."
  }
}
