locals {
  # Sizes and permissions: codedeploy/hooks/README.md.
  hooks = {
    after_allow_test_traffic = { key = "after-allow-test-traffic", event = "AfterAllowTestTraffic" }
    after_allow_traffic      = { key = "after-allow-traffic", event = "AfterAllowTraffic" }
  }

  functions = merge(
    { for hook in values(local.hooks) : hook.key => {
      description = "Judges a release of ${var.service_name}: CodeDeploy's ${hook.event}"
      timeout     = 600
      # A process that crashed is tried again, and judges anew.
      retries     = 2
      environment = merge(local.hook_environment, { HOOK = hook.event })
      statements  = local.hook_statements
    } },
    { prober = {
      description = "Asks the candidate of ${var.service_name} while it is deployed"
      timeout     = 70
      # A probe that comes late would ask beside the next one.
      retries     = 0
      environment = local.environment
      statements  = local.statements
    } },
  )

  environment = merge(var.hooks.settings, {
    TEST_URL    = var.hooks.test_url
    ECS_CLUSTER = var.cluster_name
    ECS_SERVICE = var.service_name
  })

  hook_environment = merge(
    local.environment,
    { PRODUCTION_URL = var.hooks.production_url, METRICS_LOG_GROUP = var.hooks.metrics_log_group.name },
    var.hooks.schema_check ? { INTROSPECTION_KEY_SECRET = aws_secretsmanager_secret.introspection_key.arn } : {},
  )

  statements = [
    { Sid = "Service", Effect = "Allow", Action = ["ecs:DescribeServices"], Resource = [local.service_arn] },
  ]

  hook_statements = concat(
    local.statements,
    [
      { Sid = "Verdict", Effect = "Allow", Action = ["codedeploy:PutLifecycleEventHookExecutionStatus"], Resource = [local.deployment_group_arn] },
      # It takes no resource.
      { Sid = "Definition", Effect = "Allow", Action = ["ecs:DescribeTaskDefinition"], Resource = ["*"] },
      { Sid = "ListTasks", Effect = "Allow", Action = ["ecs:ListTasks"], Resource = ["*"], Condition = { ArnEquals = { "ecs:cluster" = local.cluster_arn } } },
      { Sid = "Tasks", Effect = "Allow", Action = ["ecs:DescribeTasks"], Resource = [local.task_arns] },
      { Sid = "Metrics", Effect = "Allow", Action = ["logs:GetLogEvents"], Resource = ["${var.hooks.metrics_log_group.arn}:log-stream:*"] },
    ],
    [for statement in local.key_statements : statement if var.hooks.schema_check],
  )

  key_statements = [
    { Sid = "Key", Effect = "Allow", Action = ["secretsmanager:GetSecretValue"], Resource = [aws_secretsmanager_secret.introspection_key.arn] },
    {
      Sid       = "Decrypt"
      Effect    = "Allow"
      Action    = ["kms:Decrypt"]
      Resource  = [var.data_key]
      Condition = { StringEquals = { "kms:ViaService" = "secretsmanager.${local.region}.amazonaws.com" } }
    },
  ]
}

module "function" {
  source   = "../function"
  for_each = local.functions

  name         = "${var.name}-${each.key}"
  description  = each.value.description
  package      = var.hooks.package
  architecture = var.hooks.architecture
  # Lambda gives processor time by memory: with less, what `latency` measures would be the function's own.
  memory      = 512
  timeout     = each.value.timeout
  retries     = each.value.retries
  environment = each.value.environment
  policy      = jsonencode({ Version = "2012-10-17", Statement = each.value.statements })

  vpc    = var.hooks.vpc
  egress = [{ port = var.hooks.test_port, cidr = var.hooks.test_network }]

  key                = var.data_key
  logs_key           = var.logs_key
  log_retention_days = var.log_retention_days

  permissions_boundary = var.permissions_boundary
}

# Only the place: the function of database_roles puts a key in.
resource "aws_secretsmanager_secret" "introspection_key" {
  #checkov:skip=CKV2_AWS_57:An API key of the service itself. database_roles replaces it when it does not work; it has no age.
  name        = "${var.name}-introspection-key"
  description = "API key with the scope introspection, by which the hooks compare schemas"
  kms_key_id  = var.data_key

  # Deleted with the environment: a key that the service makes anew in a second is not worth a name that is taken for a week.
  recovery_window_in_days = 0
}
