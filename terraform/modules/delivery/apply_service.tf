locals {
  apply_service = [
    {
      Sid    = "Cluster"
      Effect = "Allow"
      Action = [
        "ecs:CreateCluster", "ecs:CreateService", "ecs:DeleteCluster", "ecs:DeleteService", "ecs:PutClusterCapacityProviders", "ecs:TagResource",
        "ecs:UntagResource", "ecs:UpdateCluster", "ecs:UpdateClusterSettings", "ecs:UpdateService",
      ]
      Resource = concat(local.called.cluster, local.called.task_definition, [
        "${local.arn}:ecs:${local.here}:service/${var.cluster}/*", "${local.arn}:ecs:${local.here}:task-definition/${var.task_family}:*",
      ])
    },
    {
      # Neither takes a resource.
      Sid       = "Definitions"
      Effect    = "Allow"
      Action    = ["ecs:DeregisterTaskDefinition", "ecs:RegisterTaskDefinition"]
      Resource  = "*"
      Condition = { StringEquals = { "aws:RequestedRegion" = local.region } }
    },
    {
      # Targets have ids, and no names.
      Sid    = "Scaling"
      Effect = "Allow"
      Action = [
        "application-autoscaling:DeleteScalingPolicy", "application-autoscaling:DeleteScheduledAction", "application-autoscaling:DeregisterScalableTarget",
        "application-autoscaling:PutScalingPolicy", "application-autoscaling:PutScheduledAction", "application-autoscaling:RegisterScalableTarget",
        "application-autoscaling:TagResource", "application-autoscaling:UntagResource",
      ]
      Resource  = "${local.arn}:application-autoscaling:${local.here}:scalable-target/*"
      Condition = { StringEqualsIfExists = { "application-autoscaling:service-namespace" = "ecs" } }
    },
    {
      Sid    = "Database"
      Effect = "Allow"
      Action = [
        "rds:AddTagsToResource", "rds:CreateDBInstance", "rds:CreateDBParameterGroup", "rds:CreateDBSnapshot", "rds:CreateDBSubnetGroup", "rds:DeleteDBInstance",
        "rds:DeleteDBParameterGroup", "rds:DeleteDBSubnetGroup", "rds:ModifyDBInstance", "rds:ModifyDBParameterGroup", "rds:ModifyDBSubnetGroup",
        "rds:RebootDBInstance", "rds:RemoveTagsFromResource", "rds:ResetDBParameterGroup",
      ]
      Resource = concat(
        flatten([for kind in ["db", "pg", "subgrp", "snapshot"] : [for ending in ["", "-*"] : "${local.arn}:rds:${local.here}:${kind}:${var.name}${ending}"]]),
        # An instance of PostgreSQL has AWS's default option group.
        ["${local.arn}:rds:${local.here}:og:default:*"],
      )
    },
    {
      # RDS makes the master's secret in the name of whoever makes the instance
      # (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html).
      Sid      = "MasterSecret"
      Effect   = "Allow"
      Action   = ["secretsmanager:CreateSecret", "secretsmanager:RotateSecret", "secretsmanager:TagResource"]
      Resource = local.master_secrets
    },
    {
      # Without their values, which humans and RDS put in.
      Sid    = "Secrets"
      Effect = "Allow"
      Action = [
        "secretsmanager:CreateSecret", "secretsmanager:DeleteResourcePolicy", "secretsmanager:DeleteSecret", "secretsmanager:PutResourcePolicy",
        "secretsmanager:RestoreSecret", "secretsmanager:TagResource", "secretsmanager:UntagResource", "secretsmanager:UpdateSecret",
      ]
      Resource = local.called.secret
    },
    {
      Sid    = "Functions"
      Effect = "Allow"
      Action = [
        "lambda:AddPermission", "lambda:CreateFunction", "lambda:DeleteFunction", "lambda:DeleteFunctionConcurrency", "lambda:DeleteFunctionEventInvokeConfig",
        "lambda:PutFunctionConcurrency", "lambda:PutFunctionEventInvokeConfig", "lambda:RemovePermission", "lambda:TagResource", "lambda:UntagResource",
        "lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration", "lambda:UpdateFunctionEventInvokeConfig",
      ]
      Resource = local.called.function
    },
    {
      Sid      = "Packages"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:GetObjectVersion"]
      Resource = "${var.packages_bucket_arn}/functions/*"
    },
    {
      Sid      = "Schedules"
      Effect   = "Allow"
      Action   = ["scheduler:CreateSchedule", "scheduler:DeleteSchedule", "scheduler:UpdateSchedule"]
      Resource = "${local.arn}:scheduler:${local.here}:schedule/*/${var.name}-*"
    },
    {
      Sid      = "ScheduleGroups"
      Effect   = "Allow"
      Action   = ["scheduler:CreateScheduleGroup", "scheduler:DeleteScheduleGroup", "scheduler:TagResource", "scheduler:UntagResource"]
      Resource = local.called.schedule_group
    },
    {
      Sid    = "Rollout"
      Effect = "Allow"
      Action = [
        "codedeploy:CreateApplication", "codedeploy:CreateDeploymentConfig", "codedeploy:CreateDeploymentGroup", "codedeploy:DeleteApplication",
        "codedeploy:DeleteDeploymentConfig", "codedeploy:DeleteDeploymentGroup", "codedeploy:TagResource", "codedeploy:UntagResource",
        "codedeploy:UpdateApplication", "codedeploy:UpdateDeploymentGroup",
      ]
      Resource = concat(local.called.application, local.called.configuration, ["${local.arn}:codedeploy:${local.here}:deploymentgroup:${var.name}/*"])
    },
    {
      Sid      = "SetUpDatabaseRoles"
      Effect   = "Allow"
      Action   = "lambda:InvokeFunction"
      Resource = local.roles_function_arn
    },
  ]
}
