mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  service     = "taproom"
  name        = "taproom-test"
  environment = "test"

  vpc_id                          = "vpc-0123456789abcdef0"
  subnet_ids                      = ["subnet-0a", "subnet-0b"]
  load_balancer_security_group_id = "sg-0a"
  listener_arns                   = ["arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/mock/0123456789abcdef/0123456789abcdef"]
  target_group_arn                = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/blue/0123456789abcdef"

  database = {
    security_group_id = "sg-0d"
    address           = "db.example"
    port              = 5432
    name              = "taproom"
    resource_id       = "db-ABCDEFGHIJKL01234"
    max_connections   = 200
    roles             = { owner = "taproom_owner", migrator = "taproom_migrator", app = "taproom_app" }
  }

  image           = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/taproom@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  collector_image = "public.ecr.aws/aws-observability/aws-otel-collector@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  commit          = "0123456789abcdef0123456789abcdef01234567"

  cpu             = 256
  memory          = 512
  pool_size       = 10
  capacity        = { min = 2, max = 4 }
  trusted_proxies = ["10.0.0.0/24", "10.0.1.0/24"]

  log_group          = { name = "/taproom/test", arn = "arn:aws:logs:eu-west-1:123456789012:log-group:/taproom/test" }
  metrics_log_group  = { name = "/taproom/test/metrics", arn = "arn:aws:logs:eu-west-1:123456789012:log-group:/taproom/test/metrics" }
  logs_key           = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000000"
  log_retention_days = 30
}

run "cpu_that_fargate_lacks" {
  command = plan

  variables {
    cpu = 300
  }

  expect_failures = [var.cpu]
}

run "memory_that_fargate_lacks" {
  command = plan

  variables {
    memory = 4096
  }

  expect_failures = [var.memory]
}

run "min_above_max" {
  command = plan

  variables {
    capacity = { min = 5, max = 4 }
  }

  expect_failures = [var.capacity]
}

run "no_task" {
  command = plan

  variables {
    capacity = { min = 0, max = 4 }
  }

  expect_failures = [var.capacity]
}

run "target_too_high" {
  command = plan

  variables {
    capacity = { min = 2, max = 4, cpu_target = 100 }
  }

  expect_failures = [var.capacity]
}

run "schedule_above_max" {
  command = plan

  variables {
    capacity = { min = 2, max = 4, schedules = { day = { cron = "0 7 * * ? *", min = 2, max = 8 }, night = { cron = "0 20 * * ? *", min = 1, max = 2 } } }
  }

  expect_failures = [var.capacity]
}

run "cron_of_unix" {
  command = plan

  variables {
    capacity = { min = 2, max = 4, schedules = { day = { cron = "0 7 * * *", min = 2, max = 4 }, night = { cron = "0 20 * * ? *", min = 1, max = 2 } } }
  }

  expect_failures = [var.capacity]
}

run "no_way_back" {
  command = plan

  variables {
    capacity = { min = 2, max = 4, schedules = { night = { cron = "0 20 * * ? *", min = 1, max = 2 } } }
  }

  expect_failures = [var.capacity]
}

run "all_on_spot" {
  command = plan

  variables {
    spot = { base = 0, on_demand_weight = 0, spot_weight = 1 }
  }

  expect_failures = [var.spot]
}

run "spot_base_above_min" {
  command = plan

  variables {
    spot = { base = 3, on_demand_weight = 1, spot_weight = 1 }
  }

  expect_failures = [var.spot]
}

run "no_spot_weight" {
  command = plan

  variables {
    spot = { base = 1, on_demand_weight = 1, spot_weight = 0 }
  }

  expect_failures = [var.spot]
}
