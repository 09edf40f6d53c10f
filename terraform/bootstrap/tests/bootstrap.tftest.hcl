mock_provider "aws" {
  source = "../tests/mocks"
}

variables {
  region = "eu-west-1"
}

run "others_can_use_the_backend" {
  assert {
    condition     = output.backend == <<-EOT
      bucket       = "${local.settings.project}-state-123456789012"
      region       = "eu-west-1"
      encrypt      = true
      kms_key_id   = "${aws_kms_key.state.arn}"
      use_lockfile = true
    EOT
    error_message = "the backend's file is another one"
  }
}

run "only_administrators_forget" {
  variables {
    administrators = ["arn:aws:iam::123456789012:role/admin"]
  }

  assert {
    condition = [for statement in data.aws_iam_policy_document.state.statement : [
      statement.effect, one(statement.actions), one(statement.condition).test, one(statement.condition).variable, join(" ", one(statement.condition).values)
      ]] == [[
      "Deny", "s3:DeleteObjectVersion", "ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::123456789012:root arn:aws:iam::123456789012:role/admin"
    ]]
    error_message = "others may delete versions of states"
  }

  assert {
    condition     = aws_kms_key.state.enable_key_rotation
    error_message = "the key does not rotate"
  }
}

run "refuses_a_zone_as_region" {
  command = plan

  variables {
    region = "eu-west-1a"
  }

  expect_failures = [var.region]
}

run "refuses_a_session_as_administrator" {
  command = plan

  variables {
    administrators = ["arn:aws:sts::123456789012:assumed-role/admin/me"]
  }

  expect_failures = [var.administrators]
}

run "refuses_everybody_as_administrator" {
  command = plan

  variables {
    administrators = ["arn:aws:iam::123456789012:role/*"]
  }

  expect_failures = [var.administrators]
}
