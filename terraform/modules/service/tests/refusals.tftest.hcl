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

run "environment_with_blank" {
  command = plan

  variables {
    environment = "pre production"
  }

  expect_failures = [var.environment]
}

run "service_without_name" {
  command = plan

  variables {
    service = ""
  }

  expect_failures = [var.service]
}

run "one_subnet" {
  command = plan

  variables {
    subnet_ids = ["subnet-0a"]
  }

  expect_failures = [var.subnet_ids]
}

run "no_listener" {
  command = plan

  variables {
    listener_arns = []
  }

  expect_failures = [var.listener_arns]
}

run "other_port" {
  command = plan

  variables {
    container_port = 80
  }

  expect_failures = [aws_ecs_service.this]
}

run "image_by_tag" {
  command = plan

  variables {
    image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/taproom:1.0.0"
  }

  expect_failures = [var.image]
}

run "image_of_elsewhere" {
  command = plan

  variables {
    image = "docker.io/taproom@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  }

  expect_failures = [var.image]
}

run "collector_by_tag" {
  command = plan

  variables {
    collector_image = "public.ecr.aws/aws-observability/aws-otel-collector:v0.49.0"
  }

  expect_failures = [var.collector_image]
}

run "no_commit" {
  command = plan

  variables {
    commit = "main"
  }

  expect_failures = [var.commit]
}

run "unknown_architecture" {
  command = plan

  variables {
    architecture = "x86_64"
  }

  expect_failures = [var.architecture]
}

run "no_pool" {
  command = plan

  variables {
    pool_size = 0
  }

  expect_failures = [var.pool_size]
}

run "pools_above_connections" {
  command = plan

  variables {
    pool_size = 23
  }

  expect_failures = [var.pool_size]
}

run "everybody_is_a_proxy" {
  command = plan

  variables {
    trusted_proxies = ["0.0.0.0/0"]
  }

  expect_failures = [var.trusted_proxies]
}

run "no_proxy" {
  command = plan

  variables {
    trusted_proxies = []
  }

  expect_failures = [var.trusted_proxies]
}

run "broken_rate_limit" {
  command = plan

  variables {
    settings = { rate_limit = 0.5 }
  }

  expect_failures = [var.settings]
}

run "trace_ratio_in_percent" {
  command = plan

  variables {
    settings = { trace_ratio = 5 }
  }

  expect_failures = [var.settings]
}

run "keys_by_http" {
  command = plan

  variables {
    settings = { jwt = { issuer = "https://login.example/", audience = "taproom", jwks_url = "http://login.example/keys" } }
  }

  expect_failures = [var.settings]
}
