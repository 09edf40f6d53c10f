mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name         = "taproom-test"
  cluster_name = "taproom-test"
  service_name = "taproom-test"

  listeners = {
    production = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/mock/0123456789abcdef/0000000000000443"
    test       = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/mock/0123456789abcdef/0000000000008443"
  }
  target_groups  = { blue = "taproom-test-blue", green = "taproom-test-green" }
  pass_role_arns = ["arn:aws:iam::123456789012:role/taproom-test-execution", "arn:aws:iam::123456789012:role/taproom-test-task"]

  alarms                   = ["taproom-test-gate-blue-faults", "taproom-test-gate-green-faults"]
  detection_seconds        = 435
  canary                   = { percentage = 10, interval_minutes = 10 }
  linear                   = { percentage = 10, interval_minutes = 3 }
  termination_wait_minutes = 15

  hooks = {
    package           = { bucket = "packages", key = "functions/hooks/package.zip", hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
    test_url          = "https://origin.api.example.com:8443"
    production_url    = "https://api.example.com"
    metrics_log_group = { name = "/taproom/test/metrics", arn = "arn:aws:logs:eu-west-1:123456789012:log-group:/taproom/test/metrics" }
    vpc               = { id = "vpc-0123456789abcdef0", subnet_ids = ["subnet-0a", "subnet-0b"] }
    schema_check      = false
  }

  data_key           = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000001"
  logs_key           = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000002"
  log_retention_days = 30
}

run "one_target_group" {
  command = plan

  variables {
    target_groups = { blue = "taproom-test", green = "taproom-test" }
  }

  expect_failures = [var.target_groups]
}

run "roles_by_wildcard" {
  command = plan

  variables {
    pass_role_arns = ["arn:aws:iam::123456789012:role/*"]
  }

  expect_failures = [var.pass_role_arns]
}

run "no_roles" {
  command = plan

  variables {
    pass_role_arns = []
  }

  expect_failures = [var.pass_role_arns]
}

run "no_alarms" {
  command = plan

  variables {
    alarms = []
  }

  expect_failures = [var.alarms]
}

run "too_many_alarms" {
  command = plan

  variables {
    alarms = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"]
  }

  expect_failures = [var.alarms]
}

run "no_detection" {
  command = plan

  variables {
    detection_seconds = 0
  }

  expect_failures = [var.detection_seconds]
}

run "unknown_strategy" {
  command = plan

  variables {
    strategy = "blue_green"
  }

  expect_failures = [var.strategy]
}

run "everybody_is_a_canary" {
  command = plan

  variables {
    canary = { percentage = 100, interval_minutes = 10 }
  }

  expect_failures = [var.canary]
}

run "half_a_percent" {
  command = plan

  variables {
    canary = { percentage = 0.5, interval_minutes = 10 }
  }

  expect_failures = [var.canary]
}

run "endless_canary" {
  command = plan

  variables {
    canary = { percentage = 10, interval_minutes = 2870 }
  }

  expect_failures = [var.canary]
}

run "canary_faster_than_detection" {
  command = plan

  variables {
    canary = { percentage = 10, interval_minutes = 7 }
  }

  expect_failures = [var.canary]
}

run "one_step" {
  command = plan

  variables {
    linear = { percentage = 100, interval_minutes = 10 }
  }

  expect_failures = [var.linear]
}

run "endless_linear" {
  command = plan

  variables {
    linear = { percentage = 1, interval_minutes = 60 }
  }

  expect_failures = [var.linear]
}

run "linear_faster_than_detection" {
  command = plan

  variables {
    linear = { percentage = 50, interval_minutes = 5 }
  }

  expect_failures = [var.linear]
}

run "old_tasks_gone_before_detection" {
  command = plan

  variables {
    termination_wait_minutes = 5
  }

  expect_failures = [var.termination_wait_minutes]
}

run "url_with_path" {
  command = plan

  variables {
    hooks = {
      package           = { bucket = "packages", key = "hooks.zip", hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
      test_url          = "https://api.example.com:8443/graphql"
      production_url    = "https://api.example.com"
      metrics_log_group = { name = "/taproom/test/metrics", arn = "arn:aws:logs:eu-west-1:123456789012:log-group:/taproom/test/metrics" }
      vpc               = { id = "vpc-0123456789abcdef0", subnet_ids = ["subnet-0a", "subnet-0b"] }
      schema_check      = false
    }
  }

  expect_failures = [var.hooks]
}

run "url_without_tls" {
  command = plan

  variables {
    hooks = {
      package           = { bucket = "packages", key = "hooks.zip", hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
      test_url          = "http://api.example.com:8443"
      production_url    = "https://api.example.com"
      metrics_log_group = { name = "/taproom/test/metrics", arn = "arn:aws:logs:eu-west-1:123456789012:log-group:/taproom/test/metrics" }
      vpc               = { id = "vpc-0123456789abcdef0", subnet_ids = ["subnet-0a", "subnet-0b"] }
      schema_check      = false
    }
  }

  expect_failures = [var.hooks]
}

run "another_port" {
  command = plan

  variables {
    hooks = {
      package           = { bucket = "packages", key = "hooks.zip", hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
      test_url          = "https://api.example.com:8443"
      production_url    = "https://api.example.com"
      metrics_log_group = { name = "/taproom/test/metrics", arn = "arn:aws:logs:eu-west-1:123456789012:log-group:/taproom/test/metrics" }
      vpc               = { id = "vpc-0123456789abcdef0", subnet_ids = ["subnet-0a", "subnet-0b"] }
      schema_check      = false
      test_port         = 9443
    }
  }

  expect_failures = [var.hooks]
}

run "no_network" {
  command = plan

  variables {
    hooks = {
      package           = { bucket = "packages", key = "hooks.zip", hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
      test_url          = "https://api.example.com:8443"
      production_url    = "https://api.example.com"
      metrics_log_group = { name = "/taproom/test/metrics", arn = "arn:aws:logs:eu-west-1:123456789012:log-group:/taproom/test/metrics" }
      vpc               = { id = "vpc-0123456789abcdef0", subnet_ids = ["subnet-0a", "subnet-0b"] }
      schema_check      = false
      test_network      = "10.0.0.0"
    }
  }

  expect_failures = [var.hooks]
}

run "unknown_setting" {
  command = plan

  variables {
    hooks = {
      package           = { bucket = "packages", key = "hooks.zip", hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
      test_url          = "https://api.example.com:8443"
      production_url    = "https://api.example.com"
      metrics_log_group = { name = "/taproom/test/metrics", arn = "arn:aws:logs:eu-west-1:123456789012:log-group:/taproom/test/metrics" }
      vpc               = { id = "vpc-0123456789abcdef0", subnet_ids = ["subnet-0a", "subnet-0b"] }
      schema_check      = false
      settings          = { HOOK = "AfterAllowTraffic" }
    }
  }

  expect_failures = [var.hooks]
}
