mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name               = "taproom-test-thing"
  description        = "A thing"
  package            = { bucket = "packages", key = "functions/thing/hash.zip", hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
  timeout            = 60
  policy             = "{\"Version\":\"2012-10-17\",\"Statement\":[]}"
  vpc                = { id = "vpc-1", subnet_ids = ["subnet-a", "subnet-b"] }
  logs_key           = "arn:aws:kms:eu-west-1:123456789012:key/logs"
  log_retention_days = 30
}

run "a_name_that_a_role_cannot_have" {
  command = plan

  variables {
    name = "taproom test"
  }

  expect_failures = [var.name]
}

run "a_hash_in_hexadecimal" {
  command = plan

  variables {
    package = { bucket = "packages", key = "x.zip", hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" }
  }

  expect_failures = [var.package]
}

run "an_unknown_architecture" {
  command = plan

  variables {
    architecture = "X86_64"
  }

  expect_failures = [var.architecture]
}

run "too_little_memory" {
  command = plan

  variables {
    memory = 64
  }

  expect_failures = [var.memory]
}

run "a_timeout_that_lambda_does_not_have" {
  command = plan

  variables {
    timeout = 901
  }

  expect_failures = [var.timeout]
}

run "a_policy_that_is_none" {
  command = plan

  variables {
    policy = "arn:aws:iam::aws:policy/ReadOnlyAccess"
  }

  expect_failures = [var.policy]
}

run "a_single_zone" {
  command = plan

  variables {
    vpc = { id = "vpc-1", subnet_ids = ["subnet-a"] }
  }

  expect_failures = [var.vpc]
}

run "a_port_that_is_none" {
  command = plan

  variables {
    egress = [{ port = 0, cidr = "10.0.0.0/16" }]
  }

  expect_failures = [var.egress]
}

run "a_network_that_is_none" {
  command = plan

  variables {
    egress = [{ port = 8443, cidr = "10.0.0.0" }]
  }

  expect_failures = [var.egress]
}

run "neither_network_nor_group" {
  command = plan

  variables {
    egress = [{ port = 8443 }]
  }

  expect_failures = [var.egress]
}

run "a_function_that_never_runs" {
  command = plan

  variables {
    reserved_concurrency = 0
  }

  expect_failures = [var.reserved_concurrency]
}

run "more_retries_than_lambda_has" {
  command = plan

  variables {
    retries = 3
  }

  expect_failures = [var.retries]
}
