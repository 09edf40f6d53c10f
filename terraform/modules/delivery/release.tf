# What a release does (codedeploy/README.md, codedeploy/migrate), and what takes one back (docs/runbooks/rollout-gate.md): the same but for the migration, since
# the version before is registered and deployed anew.

locals {
  cluster_arn     = "${local.arn}:ecs:${local.here}:cluster/${var.cluster}"
  definition_arns = "${local.arn}:ecs:${local.here}:task-definition/${var.task_family}:*"
  service_arn     = "${local.arn}:ecs:${local.here}:service/${var.cluster}/${var.ecs_service}"
  task_set_arns   = "${local.arn}:ecs:${local.here}:task-set/${var.cluster}/${var.ecs_service}/*"
  task_arns       = "${local.arn}:ecs:${local.here}:task/${var.cluster}/*"

  roles_function_arn = "${local.arn}:lambda:${local.here}:function:${var.roles_function}"

  release = [
    {
      # Neither takes a resource (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html).
      Sid       = "Define"
      Effect    = "Allow"
      Action    = ["ecs:DescribeTaskDefinition", "ecs:RegisterTaskDefinition"]
      Resource  = "*"
      Condition = { StringEquals = { "aws:RequestedRegion" = local.region } }
    },
    {
      Sid       = "TagDefinition"
      Effect    = "Allow"
      Action    = "ecs:TagResource"
      Resource  = local.definition_arns
      Condition = { StringEquals = { "ecs:CreateAction" = "RegisterTaskDefinition" } }
    },
    {
      Sid       = "HandRolesToTasks"
      Effect    = "Allow"
      Action    = "iam:PassRole"
      Resource  = var.pass_role_arns
      Condition = { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }
    },
    {
      Sid      = "WatchService"
      Effect   = "Allow"
      Action   = ["ecs:DescribeServices", "ecs:DescribeTaskSets"]
      Resource = [local.service_arn, local.task_set_arns]
    },
    {
      Sid       = "ListTasks"
      Effect    = "Allow"
      Action    = "ecs:ListTasks"
      Resource  = "*"
      Condition = { ArnEquals = { "ecs:cluster" = local.cluster_arn } }
    },
    {
      Sid      = "WatchTasks"
      Effect   = "Allow"
      Action   = "ecs:DescribeTasks"
      Resource = local.task_arns
    },
    {
      Sid    = "Deploy"
      Effect = "Allow"
      # UpdateDeploymentGroup: whoever names a deployment's alarms needs it (https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeployment.html).
      Action = [
        "codedeploy:BatchGetDeploymentGroups", "codedeploy:BatchGetDeployments", "codedeploy:CreateDeployment", "codedeploy:GetDeployment",
        "codedeploy:GetDeploymentGroup", "codedeploy:ListDeployments", "codedeploy:UpdateDeploymentGroup",
      ]
      Resource = "${local.arn}:codedeploy:${local.here}:deploymentgroup:${var.codedeploy.application}/${var.codedeploy.group}"
    },
    {
      Sid      = "Revisions"
      Effect   = "Allow"
      Action   = ["codedeploy:GetApplication", "codedeploy:GetApplicationRevision", "codedeploy:RegisterApplicationRevision"]
      Resource = "${local.arn}:codedeploy:${local.here}:application:${var.codedeploy.application}"
    },
    {
      Sid    = "Configurations"
      Effect = "Allow"
      Action = "codedeploy:GetDeploymentConfig"
      # All at once, if everything is down anyway.
      Resource = [for configuration in concat(var.codedeploy.configurations, ["CodeDeployDefault.ECSAllAtOnce"]) : "${local.arn}:codedeploy:${local.here}:deploymentconfig:${configuration}"]
    },
    {
      # Take no resource: deployments have ids, and no names.
      Sid       = "FollowOrStopDeployment"
      Effect    = "Allow"
      Action    = ["codedeploy:BatchGetDeploymentTargets", "codedeploy:GetDeploymentTarget", "codedeploy:ListDeploymentTargets", "codedeploy:StopDeployment"]
      Resource  = "*"
      Condition = { StringEquals = { "aws:RequestedRegion" = local.region } }
    },
    {
      # Which slot is idle, whether its targets are healthy, which alarms the gate has.
      Sid    = "Look"
      Effect = "Allow"
      Action = [
        "application-autoscaling:DescribeScalableTargets",
        "cloudwatch:DescribeAlarms",
        "elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeRules", "elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetHealth",
      ]
      Resource  = "*"
      Condition = { StringEquals = { "aws:RequestedRegion" = local.region } }
    },
    {
      # Targets have ids, and no names. Suspended during a deployment, which scaling could make fail.
      Sid       = "SuspendScaling"
      Effect    = "Allow"
      Action    = "application-autoscaling:RegisterScalableTarget"
      Resource  = "${local.arn}:application-autoscaling:${local.here}:scalable-target/*"
      Condition = { StringEquals = { "application-autoscaling:service-namespace" = "ecs" } }
    },
    {
      # RegisterScalableTarget fails unless its caller may describe the service and change its size
      # (https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_permission_validation.html,
      # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/auto-scaling-IAM.html). Nothing here calls UpdateService itself.
      Sid      = "SuspendScalingOfService"
      Effect   = "Allow"
      Action   = "ecs:UpdateService"
      Resource = local.service_arn
    },
    {
      # What the service and the hooks say of a release.
      Sid      = "ReadLogs"
      Effect   = "Allow"
      Action   = ["logs:FilterLogEvents", "logs:GetLogEvents"]
      Resource = flatten([for group in [var.log_group_arn, "${local.arn}:logs:${local.here}:log-group:/aws/lambda/${var.name}-*"] : [group, "${group}:*"]])
    },
    {
      Sid      = "ReadDeploymentValues"
      Effect   = "Allow"
      Action   = "s3:GetObject"
      Resource = "${var.artifacts.bucket_arn}/deployment/*.json"
    },
    {
      Sid       = "DecryptDeploymentValues"
      Effect    = "Allow"
      Action    = "kms:Decrypt"
      Resource  = var.artifacts.key_arn
      Condition = local.by_s3
    },
    {
      Sid      = "LogInToRegistry"
      Effect   = "Allow"
      Action   = "ecr:GetAuthorizationToken"
      Resource = "*"
    },
    {
      # The image, its signature and its attestations.
      Sid      = "ReadImage"
      Effect   = "Allow"
      Action   = ["ecr:BatchGetImage", "ecr:DescribeImages", "ecr:DescribeImageScanFindings", "ecr:GetDownloadUrlForLayer"]
      Resource = var.repository_arn
    },
  ]

  migrate = [
    {
      Sid       = "Migrate"
      Effect    = "Allow"
      Action    = "ecs:RunTask"
      Resource  = local.definition_arns
      Condition = { ArnEquals = { "ecs:cluster" = local.cluster_arn } }
    },
    {
      Sid       = "TagMigration"
      Effect    = "Allow"
      Action    = "ecs:TagResource"
      Resource  = local.task_arns
      Condition = { StringEquals = { "ecs:CreateAction" = "RunTask" } }
    },
    {
      Sid       = "HandMigratorToTask"
      Effect    = "Allow"
      Action    = "iam:PassRole"
      Resource  = var.migration_role_arn
      Condition = { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }
    },
    {
      # Makes the key by which the hooks compare schemas, once there is a table for it.
      Sid      = "MakeIntrospectionKey"
      Effect   = "Allow"
      Action   = "lambda:InvokeFunction"
      Resource = local.roles_function_arn
    },
  ]
}
