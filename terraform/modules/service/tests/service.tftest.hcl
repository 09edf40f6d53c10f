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

run "first_definition" {
  assert {
    condition     = aws_ecs_task_definition.first.family == "taproom-test" && aws_ecs_task_definition.first.cpu == "256" && aws_ecs_task_definition.first.memory == "512"
    error_message = "Family and size are not the rendered ones."
  }

  assert {
    condition     = [for container in jsondecode(aws_ecs_task_definition.first.container_definitions) : container.name] == ["taproom", "collector"]
    error_message = "The containers are not those of codedeploy/taskdef.yaml."
  }

  assert {
    condition     = alltrue([for container in jsondecode(aws_ecs_task_definition.first.container_definitions) : container.readonlyRootFilesystem])
    error_message = "A container can write to its root."
  }

  assert {
    condition = { for entry in jsondecode(aws_ecs_task_definition.first.container_definitions)[0].environment : entry.name => entry.value if contains([
      "TAPROOM_SLOT", "TAPROOM_DEPLOYMENT", "TAPROOM_DATABASE_URL", "TAPROOM_DATABASE_POOL_SIZE", "TAPROOM_TRUSTED_PROXIES",
      ], entry.name) } == {
      TAPROOM_SLOT               = "blue"
      TAPROOM_DEPLOYMENT         = "terraform"
      TAPROOM_DATABASE_URL       = "postgres://taproom_app@db.example:5432/taproom"
      TAPROOM_DATABASE_POOL_SIZE = "10"
      TAPROOM_TRUSTED_PROXIES    = "10.0.0.0/24,10.0.1.0/24"
    }
    error_message = "The service is told something else."
  }

  assert {
    condition     = alltrue([for entry in jsondecode(aws_ecs_task_definition.first.container_definitions)[0].environment : entry.value != null])
    error_message = "What is null is not left out."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.first.container_definitions)[1].environment[0].value == file("../../../codedeploy/collector.yaml")
    error_message = "The collector has another configuration."
  }
}

run "service" {
  assert {
    condition     = aws_ecs_service.this.deployment_controller[0].type == "CODE_DEPLOY" && aws_ecs_service.this.desired_count == 2
    error_message = "The service is not CodeDeploy's, or begins with other than the fewest tasks."
  }

  assert {
    condition     = !aws_ecs_service.this.network_configuration[0].assign_public_ip
    error_message = "The tasks have public addresses."
  }

  assert {
    condition     = tolist(aws_ecs_service.this.load_balancer)[0].container_name == "taproom" && tolist(aws_ecs_service.this.load_balancer)[0].container_port == 8080
    error_message = "The load balancer asks another container than the template has."
  }

  assert {
    condition     = [for strategy in aws_ecs_service.this.capacity_provider_strategy : strategy.capacity_provider] == ["FARGATE"]
    error_message = "Without spot, tasks run on demand."
  }

  assert {
    condition     = one([for setting in aws_ecs_cluster.this.setting : setting.value if setting.name == "containerInsights"]) == "enabled"
    error_message = "The dashboards need Container Insights."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.load_balancer.referenced_security_group_id == "sg-0a" && aws_vpc_security_group_ingress_rule.load_balancer.cidr_ipv4 == null
    error_message = "Somebody else than the load balancer may reach the tasks."
  }

  assert {
    condition     = { for name, rule in aws_vpc_security_group_egress_rule.this : name => rule.to_port } == { database = 5432, https = 443 }
    error_message = "The tasks may reach other than the database and https."
  }
}

run "roles" {
  assert {
    condition     = flatten([for statement in jsondecode(aws_iam_role_policy.this["task"].policy).Statement : statement.Resource if statement.Sid == "Database"]) == ["arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ABCDEFGHIJKL01234/taproom_app"]
    error_message = "The service may log in as somebody else than its own role."
  }

  assert {
    condition     = flatten([for statement in jsondecode(aws_iam_role_policy.this["migration"].policy).Statement : statement.Resource]) == ["arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ABCDEFGHIJKL01234/taproom_migrator"]
    error_message = "The migration may do more than log in as the migrator."
  }

  assert {
    condition     = flatten([for statement in jsondecode(aws_iam_role_policy.this["execution"].policy).Statement : statement.Resource if statement.Sid == "Pull"]) == ["arn:aws:ecr:eu-west-1:123456789012:repository/taproom"]
    error_message = "Images may be pulled from elsewhere than the service's repository."
  }

  assert {
    condition     = jsondecode(aws_iam_role.this["task"].assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "123456789012"
    error_message = "Another account's tasks might take on the role."
  }
}

run "values" {
  assert {
    condition     = output.values.capacity_providers == tolist([{ CapacityProvider = "FARGATE", Base = 0, Weight = 1 }]) && output.values.security_groups[0] == output.security_group_id
    error_message = "A release would run elsewhere than the first tasks."
  }

  assert {
    condition     = output.values.migration_database_url == "postgres://taproom_migrator@db.example:5432/taproom" && output.values.migration_database_role == "taproom_owner"
    error_message = "The migration would log in as somebody else."
  }

  assert {
    condition     = join(",", [for name, value in output.values : name if value == null]) == join(",", ["cors_origins", "jwt_audience", "jwt_issuer", "jwt_jwks_url", "log", "metric_operations", "rate_limit", "trace_ratio"])
    error_message = "Other values than the optional ones are missing, or an unset one is there."
  }
}

run "all_settings" {
  # What is there already keeps its definition.
  state_key = "all_settings"

  variables {
    settings = {
      rate_limit        = 0
      cors_origins      = ["https://app.example", "https://admin.example"]
      jwt               = { issuer = "https://login.example/", audience = "taproom", jwks_url = "https://login.example/.well-known/jwks.json" }
      log               = "debug"
      metric_operations = ["Beers", "BeerDetails"]
      trace_ratio       = 0.1
    }
  }

  assert {
    condition = { for entry in jsondecode(aws_ecs_task_definition.first.container_definitions)[0].environment : entry.name => entry.value if contains([
      "TAPROOM_RATE_LIMIT", "TAPROOM_CORS_ORIGINS", "TAPROOM_JWT_ISSUER", "TAPROOM_LOG", "TAPROOM_METRIC_OPERATIONS", "OTEL_TRACES_SAMPLER_ARG",
      ], entry.name) } == {
      TAPROOM_RATE_LIMIT        = "0"
      TAPROOM_CORS_ORIGINS      = "https://app.example,https://admin.example"
      TAPROOM_JWT_ISSUER        = "https://login.example/"
      TAPROOM_LOG               = "debug"
      TAPROOM_METRIC_OPERATIONS = "Beers,BeerDetails"
      OTEL_TRACES_SAMPLER_ARG   = "0.1"
    }
    error_message = "Settings do not arrive."
  }
}

# What another apply makes of the first definition: nothing.
run "another_image" {
  variables {
    image  = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/taproom@sha256:fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
    cpu    = 512
    memory = 1024
  }

  assert {
    condition     = strcontains(aws_ecs_task_definition.first.container_definitions, "@sha256:0123") && aws_ecs_task_definition.first.cpu == "256"
    error_message = "The first definition is registered again, and the one that may be running deregistered."
  }

  assert {
    condition     = output.values.cpu == "512" && output.values.memory == "1024"
    error_message = "The next release has the old size."
  }
}

run "spot" {
  variables {
    spot = { base = 1, on_demand_weight = 1, spot_weight = 3 }
  }

  assert {
    condition = output.values.capacity_providers == tolist([
      { CapacityProvider = "FARGATE", Base = 1, Weight = 1 },
      { CapacityProvider = "FARGATE_SPOT", Base = 0, Weight = 3 },
    ])
    error_message = "The first tasks are not on demand, or the share of spot is another."
  }
}
