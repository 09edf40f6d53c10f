mock_provider "aws" { source = "../../tests/mocks" }

variables {
  name                = "taproom-staging"
  environment         = "staging"
  replica_region      = "eu-central-1"
  github_repository   = "example/taproom"
  oidc_provider_arn   = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
  state               = { bucket_arn = "arn:aws:s3:::taproom-state-123456789012", key = "staging/terraform.tfstate", kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/11111111-0000-0000-0000-000000000000" }
  artifacts           = { bucket_arn = "arn:aws:s3:::taproom-staging-artifacts-123456789012", key_arn = "arn:aws:kms:eu-west-1:123456789012:key/22222222-0000-0000-0000-000000000000" }
  packages_bucket_arn = "arn:aws:s3:::taproom-packages-123456789012"
  repository_arn      = "arn:aws:ecr:eu-west-1:123456789012:repository/taproom"
  zone_id             = "Z0123456789"
  cluster             = "taproom-staging"
  ecs_service         = "taproom"
  task_family         = "taproom-staging"
  pass_role_arns      = ["arn:aws:iam::123456789012:role/taproom-staging-task", "arn:aws:iam::123456789012:role/taproom-staging-execution"]
  migration_role_arn  = "arn:aws:iam::123456789012:role/taproom-staging-migration"
  log_group_arn       = "arn:aws:logs:eu-west-1:123456789012:log-group:/taproom-staging/service"
  codedeploy          = { application = "taproom-staging", group = "taproom-staging", configurations = ["taproom-staging-canary"] }
  roles_function      = "taproom-staging-database-roles"
  database_users      = ["taproom_migrator", "taproom_app"]
  disposable          = false
}

run "a_role_for_each_job" {
  assert {
    condition     = toset(keys(output.role_arns)) == toset(["plan", "drift", "apply", "deploy", "rollback"])
    error_message = "there are ${join(", ", keys(output.role_arns))}"
  }
  assert {
    condition = output.github_environments == {
      plan = "staging-plan", drift = "staging-drift", apply = "staging-apply", deploy = "staging", rollback = "staging-rollback"
    }
    error_message = "GitHub environments are ${jsonencode(output.github_environments)}"
  }
}

run "repositories_by_their_ids" {
  variables {
    github_repository = "example@12/taproom@34"
  }
  assert {
    condition     = module.role["plan"].arn != null
    error_message = "repositories of 2026 are refused"
  }
}

run "no_statement_is_boundless" {
  assert {
    condition = alltrue(flatten([for policies in local.policies : [for statements in policies : [for statement in statements : [
      for action in flatten([statement.Action]) : statement.Effect == "Allow" && can(regex("^[a-z0-9-]+:[A-Z]", action))
    ]]]]))
    error_message = "an action is a wildcard from its first letter on"
  }
  # What changes things everywhere is at least bound to a region or tag, or is known here.
  assert {
    condition = toset(flatten([for policies in local.policies : [for statements in policies : [for statement in statements :
      [statement.Sid] if statement.Resource == "*" && !can(statement.Condition)
    ]]])) == toset(["HowThingsAreSetUp", "WhoMayTakeRoles", "AnomaliesQueriesAndChat", "MakeDistribution", "LogInToRegistry"])
    error_message = "another statement is for everything, everywhere"
  }
  assert {
    condition = alltrue(flatten([for policies in local.policies : [for statements in policies :
      length(distinct([for statement in statements : statement.Sid])) == length(statements)
    ]]))
    error_message = "AWS wants each Sid once in a policy"
  }
}

run "plans_see_no_secrets_and_no_data" {
  assert {
    condition = length(setintersection(flatten([for statements in local.policies.plan : [for statement in statements : statement.Action]]), [
      "secretsmanager:GetSecretValue", "logs:GetLogEvents", "logs:FilterLogEvents", "ssm:GetParameter", "rds-db:connect", "s3:Get*", "s3:PutObject", "kms:GenerateDataKey",
    ])) == 0
    error_message = "a plan could read what is inside, or write"
  }
  assert {
    condition = toset(flatten([for statement in concat(local.read, local.read_state) : statement.Resource if length(setintersection(flatten([statement.Action]), ["s3:GetObject"])) > 0])) == toset([
      "arn:aws:s3:::taproom-staging-artifacts-123456789012/deployment/*", "arn:aws:s3:::taproom-state-123456789012/staging/terraform.tfstate",
    ])
    error_message = "a plan reads other objects than its state and the deployment's values"
  }
  assert {
    condition     = local.policies.drift == local.policies.plan
    error_message = "a drift check does something else than a plan"
  }
}

run "apply_cannot_make_itself_mightier" {
  assert {
    condition = alltrue([for statement in local.apply_roles : alltrue([for resource in flatten([statement.Resource]) :
      startswith(resource, "arn:aws:iam::123456789012:role/taproom-staging") || resource == "arn:aws:iam::123456789012:role/aws-service-role/*"
    ])])
    error_message = "roles of others, or of delivery, can be changed"
  }
  assert {
    condition = alltrue([for statement in local.apply_roles :
      statement.Condition.StringEquals["iam:PermissionsBoundary"] == aws_iam_policy.boundary.arn
      if length(setintersection(flatten([statement.Action]), ["iam:AttachRolePolicy", "iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"])) > 0
    ])
    error_message = "a role can be made, or given policies, without the boundary"
  }
  assert {
    condition = toset([for action in flatten([for statements in local.policies.apply : [for statement in statements : statement.Action]]) :
      action if startswith(action, "iam:") && !can(regex("^iam:(Get|List)", action))
      ]) == toset([
      "iam:AttachRolePolicy", "iam:CreateRole", "iam:CreateServiceLinkedRole", "iam:DeleteRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy", "iam:PassRole",
      "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy", "iam:TagRole", "iam:UntagRole", "iam:UpdateRole", "iam:UpdateRoleDescription",
    ])
    error_message = "apply could make users or policies, take the boundary away, or say who else may take on a role"
  }
}

run "apply_destroys_nothing_that_is_to_stay" {
  assert {
    condition = length(setintersection(flatten([for statements in local.policies.apply : [for statement in statements : statement.Action]]), [
      "kms:ScheduleKeyDeletion", "s3:DeleteObjectVersion", "backup:DeleteRecoveryPoint", "backup:DeleteBackupVaultLockConfiguration",
    ])) == 0
    error_message = "data could be destroyed by a job"
  }
  # Compliance mode, which nobody can undo.
  assert {
    condition = [for statement in local.apply_foundation : statement.Condition if contains(flatten([statement.Action]), "backup:PutBackupVaultLockConfiguration")] == [
      { Null = { "backup:ChangeableForDays" = "true" } }
    ]
    error_message = "a vault could be locked for ever"
  }
}

run "a_disposable_environment_can_be_destroyed" {
  variables {
    disposable = true
  }
  assert {
    condition     = length(setintersection(local.apply_foundation[*].Sid, ["DeleteKeys", "EmptyBuckets", "EmptyVaults"])) == 3
    error_message = "something is left behind"
  }
  assert {
    condition     = alltrue([for statement in local.apply_foundation : statement.Condition == local.ours if contains(flatten([statement.Action]), "kms:ScheduleKeyDeletion")])
    error_message = "another environment's keys could be deleted"
  }
}

run "keys_are_made_where_they_are_needed" {
  assert {
    condition = alltrue([for region in ["eu-west-1", "eu-central-1", "us-east-1"] :
      contains(one([for statement in local.apply_foundation : statement.Condition.StringEquals["aws:RequestedRegion"] if statement.Sid == "MakeKeys"]), region)
      && contains(one([for statement in local.apply_foundation : statement.Resource if statement.Sid == "Keys"]), "arn:aws:kms:${region}:123456789012:key/*")
      && contains(one([for statement in local.apply_foundation : statement.Resource if statement.Sid == "Aliases"]), "arn:aws:kms:${region}:123456789012:alias/taproom-staging-*")
    ])
    error_message = "a region's key cannot be made or changed: CloudFront's firewall logs to us-east-1"
  }
}

run "apply_reaches_all_that_is_made" {
  assert {
    condition = length(setsubtract([
      "logs:DeleteResourcePolicy", "route53:AssociateVPCWithHostedZone", "scheduler:CreateScheduleGroup", "scheduler:DeleteScheduleGroup", "scheduler:GetScheduleGroup",
      "scheduler:ListTagsForResource", "scheduler:TagResource", "scheduler:UntagResource", "ec2:GetManagedPrefixListEntries",
    ], flatten([for statements in local.policies.apply : [for statement in statements : statement.Action]]))) == 0
    error_message = "apply lacks an action"
  }
}

run "the_boundary" {
  assert {
    condition = [for statement in local.boundary : statement.Condition if can(regex("iam:", jsonencode(statement.Action)))] == [
      { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }
    ]
    error_message = "it lets a role change roles"
  }
  # What changes something has a name in its resource, or the tag; of the rest, AWS knows neither.
  assert {
    condition = toset([for action in flatten([for statement in local.boundary : statement.Action if statement.Resource == "*"]) :
      action if !can(regex("^[a-z0-9-]+:(Describe|Get|List|BatchGet|BatchCheck)", action))
      ]) == toset([
      "codedeploy:PutLifecycleEventHookExecutionStatus", "ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface",
      "ec2:UnassignPrivateIpAddresses", "ecs:CreateTaskSet", "logs:StopQuery", "xray:PutTelemetryRecords", "xray:PutTraceSegments",
    ])
    error_message = "a role could change what is another environment's"
  }
  assert {
    condition = alltrue(flatten([for statement in local.boundary : [for resource in flatten([statement.Resource]) :
      can(regex("taproom-staging|:dbuser:\\*/taproom_(migrator|app)$|:(log-group:RDS|secret:rds!db-|snapshot:awsbackup:|recovery-point:|key/)\\*$", resource))
    ] if statement.Resource != "*"]))
    error_message = "a resource is another environment's: ${jsonencode(flatten([for statement in local.boundary : statement.Resource]))}"
  }
  # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html
  assert {
    condition = [for statement in local.boundary : [statement.Action, statement.Resource, can(statement.Condition)] if contains(flatten([statement.Action]), "rds-db:connect")] == [
      ["rds-db:connect", [for user in ["migrator", "app"] : "arn:aws:rds-db:eu-west-1:123456789012:dbuser:*/taproom_${user}"], false]
    ]
    error_message = "a task cannot log in, or anywhere"
  }
  assert {
    condition = [for statement in local.boundary : statement.Resource if contains(flatten([statement.Action]), "secretsmanager:PutSecretValue")] == [
      ["arn:aws:secretsmanager:eu-west-1:123456789012:secret:taproom-staging", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:taproom-staging-*"]
    ]
    error_message = "the introspection key cannot be written, or another's can"
  }
  assert {
    condition = [for statement in local.boundary : statement.Resource if length(setintersection(flatten([statement.Action]), ["logs:CreateLogGroup", "logs:PutRetentionPolicy"])) > 0] == [
      "arn:aws:logs:eu-west-1:123456789012:log-group:RDS*"
    ]
    error_message = "Enhanced Monitoring does not reach its log group, or a role others"
  }
}

# IAM takes 6144 characters. github_role refuses more.
run "the_longest_names_fit" {
  variables {
    name           = "taproombeers-productions"
    environment    = "productions"
    replica_region = "ap-southeast-2"
    disposable     = true
    database_users = ["taproombeers_migrator", "taproombeers_app"]
    state          = { bucket_arn = "arn:aws:s3:::taproombeers-state-123456789012", key = "productions/terraform.tfstate", kms_key_arn = "arn:aws:kms:ap-southeast-1:123456789012:key/11111111-0000-0000-0000-000000000000" }
  }
  override_data {
    target = data.aws_region.current
    values = { name = "ap-southeast-1" }
  }
  assert {
    condition     = length(aws_iam_policy.boundary.policy) <= 6144
    error_message = "the boundary has ${length(aws_iam_policy.boundary.policy)} characters"
  }
}

# Lambda answers without a function's variables where the caller may not decrypt them, and a plan would add them.
run "plans_see_what_is_there" {
  assert {
    condition = alltrue([for job in ["plan", "drift", "apply"] : anytrue([for statement in local.policies[job].read :
      statement.Action == "kms:Decrypt" && statement.Resource == var.artifacts.key_arn
      && contains(flatten([try(statement.Condition.StringEquals["kms:ViaService"], [])]), "lambda.eu-west-1.amazonaws.com")
    ])])
    error_message = "a plan cannot read the variables of functions"
  }
}

run "releases" {
  # What codedeploy/README.md and codedeploy/migrate call.
  assert {
    condition = length(setsubtract([
      "ecs:RegisterTaskDefinition", "ecs:DescribeTaskDefinition", "ecs:RunTask", "ecs:TagResource", "ecs:DescribeTasks", "iam:PassRole", "logs:GetLogEvents",
      "codedeploy:CreateDeployment", "lambda:InvokeFunction",
    ], flatten([for statements in local.policies.deploy : [for statement in statements : statement.Action]]))) == 0
    error_message = "a release lacks an action"
  }
  # Both look at how things go, and stop it.
  assert {
    condition = alltrue([for job in ["deploy", "rollback"] : length(setsubtract([
      "application-autoscaling:DescribeScalableTargets", "application-autoscaling:RegisterScalableTarget", "cloudwatch:DescribeAlarms",
      "codedeploy:BatchGetDeployments", "codedeploy:BatchGetDeploymentTargets", "codedeploy:CreateDeployment", "codedeploy:GetDeployment", "codedeploy:ListDeployments",
      "codedeploy:StopDeployment", "codedeploy:UpdateDeploymentGroup",
      "ecs:DescribeServices", "ecs:DescribeTaskDefinition", "ecs:DescribeTasks", "ecs:DescribeTaskSets", "ecs:ListTasks", "ecs:RegisterTaskDefinition", "ecs:TagResource",
      "elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetHealth",
      "iam:PassRole", "logs:FilterLogEvents", "logs:GetLogEvents", "s3:GetObject",
    ], flatten([for statements in local.policies[job] : [for statement in statements : statement.Action]]))) == 0])
    error_message = "a deployment cannot be made, followed or stopped"
  }
  # Beside ecs:DescribeServices, what Application Auto Scaling asks for before it suspends scaling.
  assert {
    condition = alltrue([for job in ["deploy", "rollback"] : flatten([for statements in local.policies[job] : [for statement in statements :
      statement.Resource if contains(flatten([statement.Action]), "ecs:UpdateService")
    ]]) == ["arn:aws:ecs:eu-west-1:123456789012:service/taproom-staging/taproom"]])
    error_message = "scaling cannot be suspended, or other services be changed"
  }
  assert {
    condition = [for statement in local.release : statement.Resource if contains(flatten([statement.Action]), "s3:GetObject")] == [
      "arn:aws:s3:::taproom-staging-artifacts-123456789012/deployment/*.json"
    ]
    error_message = "a release reads other artifacts, or none"
  }
  assert {
    condition = toset(flatten([for statement in local.release : statement.Resource if contains(flatten([statement.Action]), "logs:GetLogEvents")])) == toset(flatten([for ending in ["", ":*"] : [
      "${var.log_group_arn}${ending}", "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/taproom-staging-*${ending}"
    ]]))
    error_message = "a release does not see the logs of service and hooks"
  }
  assert {
    condition = toset(flatten([for statements in local.policies.deploy : [for statement in statements : statement.Resource if statement.Action == "iam:PassRole"]])) == toset(concat(
    var.pass_role_arns, [var.migration_role_arn]))
    error_message = "a release hands other roles to tasks"
  }
  assert {
    condition = length(setintersection(flatten([for statements in local.policies.rollback : [for statement in statements : flatten([statement.Action, statement.Resource])]]), [
    "ecs:RunTask", "lambda:InvokeFunction", var.migration_role_arn])) == 0
    error_message = "who takes a release back could migrate, or change the database's roles"
  }
}

run "state_of_others" {
  command = plan
  variables {
    state = { bucket_arn = "arn:aws:s3:::taproom-state-123456789012", key = "account/terraform.tfstate", kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/11111111-0000-0000-0000-000000000000" }
  }
  expect_failures = [var.state]
}

run "any_state" {
  command = plan
  variables {
    state = { bucket_arn = "arn:aws:s3:::taproom-state-123456789012", key = "staging/*", kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/11111111-0000-0000-0000-000000000000" }
  }
  expect_failures = [var.state]
}

run "others" {
  command = plan
  variables {
    github_repository = "https://github.com/example/taproom"
    pass_role_arns    = ["arn:aws:iam::123456789012:role/*"]
    roles_function    = "taproom-*"
  }
  expect_failures = [var.github_repository, var.pass_role_arns, var.roles_function]
}
