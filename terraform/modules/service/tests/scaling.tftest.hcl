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

run "fixed" {
  assert {
    condition     = aws_appautoscaling_target.fixed[0].min_capacity == 2 && aws_appautoscaling_target.fixed[0].max_capacity == 4
    error_message = "The number of tasks has other limits."
  }

  assert {
    condition = { for name, policy in aws_appautoscaling_policy.this : policy.target_tracking_scaling_policy_configuration[0].predefined_metric_specification[0].predefined_metric_type => policy.target_tracking_scaling_policy_configuration[0].target_value } == {
      ECSServiceAverageCPUUtilization    = 60
      ECSServiceAverageMemoryUtilization = 70
    }
    error_message = "Scaling follows other than processors and memory."
  }
}

run "in_place" {
  variables {
    capacity = { min = 1, max = 3 }
  }

  assert {
    condition     = aws_appautoscaling_target.fixed[0].min_capacity == 1 && aws_appautoscaling_target.fixed[0].max_capacity == 3
    error_message = "Without schedules, an apply has to bring other limits."
  }
}

run "scheduled" {
  variables {
    capacity = {
      min = 2
      max = 4
      schedules = {
        day   = { cron = "0 7 ? * MON-FRI *", timezone = "Europe/Berlin", min = 3, max = 4 }
        night = { cron = "0 20 ? * * *", timezone = "Europe/Berlin", min = 1, max = 2 }
      }
    }
  }

  assert {
    condition     = length(aws_appautoscaling_target.fixed) == 0 && length(aws_appautoscaling_target.scheduled) == 1
    error_message = "Two targets would fight for one service."
  }

  assert {
    condition     = { for name, action in aws_appautoscaling_scheduled_action.this : name => "${action.schedule} ${action.scalable_target_action[0].min_capacity}-${action.scalable_target_action[0].max_capacity}" } == { day = "cron(0 7 ? * MON-FRI *) 3-4", night = "cron(0 20 ? * * *) 1-2" }
    error_message = "The schedules are others."
  }
}

# What the night has set: an apply leaves it alone.
run "scheduled_again" {
  variables {
    capacity = {
      min = 1
      max = 4
      schedules = {
        day   = { cron = "0 7 ? * MON-FRI *", timezone = "Europe/Berlin", min = 3, max = 4 }
        night = { cron = "0 20 ? * * *", timezone = "Europe/Berlin", min = 1, max = 2 }
      }
    }
  }

  assert {
    condition     = aws_appautoscaling_target.scheduled[0].min_capacity == 2
    error_message = "An apply takes back what a schedule has set."
  }
}
