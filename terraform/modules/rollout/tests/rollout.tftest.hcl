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

run "deployment_group" {
  assert {
    condition     = aws_codedeploy_deployment_group.this.alarm_configuration[0].enabled && !aws_codedeploy_deployment_group.this.alarm_configuration[0].ignore_poll_alarm_failure && length(aws_codedeploy_deployment_group.this.alarm_configuration[0].alarms) == 2
    error_message = "A deployment goes on without its alarms."
  }

  assert {
    condition     = aws_codedeploy_deployment_group.this.auto_rollback_configuration[0].enabled && toset(aws_codedeploy_deployment_group.this.auto_rollback_configuration[0].events) == toset(["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"])
    error_message = "A deployment that fails is not taken back."
  }

  assert {
    condition     = aws_codedeploy_deployment_group.this.deployment_config_name == output.deployment_configs.canary
    error_message = "All users get a version at once."
  }

  assert {
    condition     = one(one(aws_codedeploy_deployment_group.this.load_balancer_info[0].target_group_pair_info[0].prod_traffic_route).listener_arns) == var.listeners.production && one(one(aws_codedeploy_deployment_group.this.load_balancer_info[0].target_group_pair_info[0].test_traffic_route).listener_arns) == var.listeners.test
    error_message = "The listeners are mixed up."
  }

  assert {
    condition     = one(aws_codedeploy_deployment_config.canary.traffic_routing_config[0].time_based_canary).percentage == 10 && one(aws_codedeploy_deployment_config.canary.traffic_routing_config[0].time_based_canary).interval == 10
    error_message = "The canary has other numbers."
  }
}

run "another_canary" {
  variables {
    canary   = { percentage = 20, interval_minutes = 8 }
    strategy = "linear"
  }

  assert {
    condition     = output.deployment_configs.canary == "taproom-test-canary-20-percent-8-minutes"
    error_message = "CodeDeploy cannot change a configuration: other numbers need another name."
  }

  assert {
    condition     = aws_codedeploy_deployment_group.this.deployment_config_name == output.deployment_configs.linear
    error_message = "The strategy does not arrive."
  }
}

run "codedeploy_role" {
  assert {
    condition     = toset(flatten([for statement in jsondecode(aws_iam_role_policy.codedeploy.policy).Statement : statement.Resource if statement.Sid == "HandRolesToTasks"])) == toset(var.pass_role_arns)
    error_message = "CodeDeploy may hand out other roles than the tasks'."
  }

  assert {
    condition     = flatten([for statement in jsondecode(aws_iam_role_policy.codedeploy.policy).Statement : statement.Condition.StringEquals["iam:PassedToService"] if statement.Sid == "HandRolesToTasks"])[0] == "ecs-tasks.amazonaws.com"
    error_message = "CodeDeploy may hand the tasks' roles to others than ECS."
  }

  assert {
    condition = alltrue([for statement in jsondecode(aws_iam_role_policy.codedeploy.policy).Statement :
      alltrue([for action in statement.Action : startswith(action, "elasticloadbalancing:Describe") || action == "ecs:CreateTaskSet"]) if contains(statement.Resource, "*")
    ])
    error_message = "CodeDeploy may do more than it has to, with whatever there is."
  }

  assert {
    condition     = contains(flatten([for statement in jsondecode(aws_iam_role_policy.codedeploy.policy).Statement : statement.Resource if statement.Sid == "Shift"]), "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener-rule/app/mock/0123456789abcdef/0000000000008443/*")
    error_message = "CodeDeploy cannot shift the traffic of rules."
  }
}

run "hooks" {
  assert {
    condition     = { for key, function in local.functions : key => "${function.timeout} ${function.retries} ${lookup(function.environment, "HOOK", "-")}" } == { after-allow-test-traffic = "600 2 AfterAllowTestTraffic", after-allow-traffic = "600 2 AfterAllowTraffic", prober = "70 0 -" }
    error_message = "The functions are other than codedeploy/hooks/README.md says."
  }

  assert {
    condition     = toset(keys(local.functions["after-allow-traffic"].environment)) == toset(["HOOK", "TEST_URL", "PRODUCTION_URL", "ECS_CLUSTER", "ECS_SERVICE", "METRICS_LOG_GROUP"])
    error_message = "A hook lacks a variable, or has the key's without a check."
  }

  assert {
    condition     = toset(flatten(local.functions["after-allow-traffic"].statements[*].Action)) == toset(["codedeploy:PutLifecycleEventHookExecutionStatus", "ecs:DescribeServices", "ecs:DescribeTaskDefinition", "ecs:DescribeTasks", "ecs:ListTasks", "logs:GetLogEvents"])
    error_message = "A hook may do other than codedeploy/hooks/README.md says."
  }

  assert {
    condition     = toset(flatten(local.functions["prober"].statements[*].Action)) == toset(["ecs:DescribeServices"])
    error_message = "The prober may do more than ask for task sets."
  }

  assert {
    condition     = aws_scheduler_schedule.prober.target[0].input == "{\"probe\":{}}" && aws_scheduler_schedule.prober.schedule_expression == "rate(1 minute)"
    error_message = "The prober is not called as it wants to be."
  }

  assert {
    condition     = join(" ", keys(output.security_group_ids)) == "after-allow-test-traffic after-allow-traffic prober"
    error_message = "The functions' security groups have other keys than those that others rely on."
  }
}

run "schema_check" {
  variables {
    hooks = {
      package           = { bucket = "packages", key = "functions/hooks/package.zip", hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
      test_url          = "https://api.example.com:8443"
      production_url    = "https://api.example.com"
      metrics_log_group = { name = "/taproom/test/metrics", arn = "arn:aws:logs:eu-west-1:123456789012:log-group:/taproom/test/metrics" }
      vpc               = { id = "vpc-0123456789abcdef0", subnet_ids = ["subnet-0a", "subnet-0b"] }
      schema_check      = true
      settings          = { LATENCY_ROUNDS = "5" }
    }
  }

  assert {
    condition     = local.functions["after-allow-traffic"].environment.INTROSPECTION_KEY_SECRET == output.introspection_key_secret_arn && local.functions["after-allow-traffic"].environment.LATENCY_ROUNDS == "5"
    error_message = "The hook does not know the key's place."
  }

  assert {
    condition     = flatten([for statement in local.functions["after-allow-traffic"].statements : statement.Resource if contains(statement.Action, "secretsmanager:GetSecretValue")])[0] == output.introspection_key_secret_arn
    error_message = "The hook may not read the key, or others, too."
  }

  assert {
    condition     = !contains(keys(local.functions["prober"].environment), "INTROSPECTION_KEY_SECRET")
    error_message = "The prober needs no key."
  }
}
