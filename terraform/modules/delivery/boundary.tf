# What any role of the environment may do at most, whoever writes its policies: what tasks, functions and AWS's services do here at run time. Not in it: IAM (but to
# hand a role to a task), organisations, other environments' data, and the state.

locals {
  # Each with what it is for; the test of `terraform/tests/static/test_boundary.py` holds them against the roles' policies.
  boundary = [
    {
      # Take no resource, or are for looking only.
      Sid    = "Look"
      Effect = "Allow"
      Action = [
        "cloudwatch:Describe*", "cloudwatch:Get*", "cloudwatch:List*", "ecr:GetAuthorizationToken", "logs:DescribeLogGroups", "logs:DescribeQueryDefinitions",
        "logs:GetQueryResults", "logs:StopQuery", "rds:Describe*", "tag:GetResources", "xray:Get*", "xray:PutTelemetryRecords", "xray:PutTraceSegments",
      ]
      Resource = "*"
    },
    {
      Sid    = "Logs"
      Effect = "Allow"
      Action = [
        "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:GetLogEvents", "logs:PutLogEvents", "logs:StartQuery",
      ]
      Resource = local.log_groups[local.region]
    },
    {
      # Enhanced Monitoring writes to RDSOSMetrics, whichever database it is of (AmazonRDSEnhancedMonitoringRole).
      Sid    = "DatabaseMonitoring"
      Effect = "Allow"
      Action = [
        "logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:GetLogEvents", "logs:PutLogEvents", "logs:PutRetentionPolicy",
      ]
      Resource = "${local.arn}:logs:${local.here}:log-group:RDS*"
    },
    {
      # What takes no resource, or has neither name nor tag.
      Sid    = "Run"
      Effect = "Allow"
      Action = [
        "codedeploy:PutLifecycleEventHookExecutionStatus",
        "ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets",
        "ec2:UnassignPrivateIpAddresses",
        "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer",
        "ecs:DescribeTaskDefinition",
        "elasticloadbalancing:Describe*",
      ]
      Resource  = "*"
      Condition = { StringEquals = { "aws:RequestedRegion" = local.region } }
    },
    {
      # A login is no request to AWS's API: nothing says which region it asks for but the ARN.
      Sid      = "LogInToDatabase"
      Effect   = "Allow"
      Action   = "rds-db:connect"
      Resource = [for user in var.database_users : "${local.arn}:rds-db:${local.here}:dbuser:*/${user}"]
    },
    {
      Sid       = "TaskSets"
      Effect    = "Allow"
      Action    = ["ecs:CreateTaskSet", "ecs:ListTasks"]
      Resource  = "*"
      Condition = { ArnLike = { "ecs:cluster" = local.called.cluster } }
    },
    {
      Sid      = "Service"
      Effect   = "Allow"
      Action   = ["ecs:DeleteTaskSet", "ecs:DescribeServices", "ecs:DescribeTaskSets", "ecs:DescribeTasks", "ecs:UpdateServicePrimaryTaskSet"]
      Resource = "${local.arn}:ecs:${local.here}:*/${var.name}/*"
    },
    {
      Sid      = "ShiftTraffic"
      Effect   = "Allow"
      Action   = ["elasticloadbalancing:ModifyListener", "elasticloadbalancing:ModifyRule"]
      Resource = [for kind in ["listener", "listener-rule"] : "${local.arn}:elasticloadbalancing:${local.here}:${kind}/app/${var.name}/*"]
    },
    {
      Sid      = "BackUp"
      Effect   = "Allow"
      Action   = ["rds:AddTagsToResource", "rds:CreateDBSnapshot", "rds:ListTagsForResource", "rds:ModifyDBInstance"]
      Resource = [for ending in ["", "-*"] : "${local.arn}:rds:${local.here}:db:${var.name}${ending}"]
    },
    {
      # AWS Backup gives its snapshots names that say nothing of the database.
      Sid    = "RecoveryPoints"
      Effect = "Allow"
      Action = [
        "backup:CopyFromBackupVault", "backup:TagResource", "rds:AddTagsToResource", "rds:CopyDBSnapshot", "rds:CreateDBSnapshot", "rds:DeleteDBSnapshot",
        "rds:ListTagsForResource", "rds:ModifyDBSnapshotAttribute",
      ]
      Resource = flatten([for region in distinct([local.region, var.replica_region]) : [
        for recovery_point in ["rds:${region}:${local.account}:snapshot:awsbackup:*", "backup:${region}:${local.account}:recovery-point:*"] : "${local.arn}:${recovery_point}"
      ]])
    },
    {
      Sid      = "Vaults"
      Effect   = "Allow"
      Action   = ["backup:CopyIntoBackupVault", "backup:DescribeBackupVault"]
      Resource = concat(local.called.vault, local.called.replica_vault)
    },
    {
      Sid      = "CallFunctions"
      Effect   = "Allow"
      Action   = "lambda:InvokeFunction"
      Resource = local.called.function
    },
    {
      Sid      = "ReadSecrets"
      Effect   = "Allow"
      Action   = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
      Resource = concat(local.called.secret, [local.master_secrets])
    },
    {
      # The introspection key. The master's is RDS's to change.
      Sid      = "WriteSecrets"
      Effect   = "Allow"
      Action   = "secretsmanager:PutSecretValue"
      Resource = local.called.secret
    },
    {
      # Another environment's secrets and the state have keys with another tag.
      Sid       = "Decrypt"
      Effect    = "Allow"
      Action    = ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
      Resource  = local.key_arns
      Condition = local.ours
    },
    {
      Sid       = "HandRolesToTasks"
      Effect    = "Allow"
      Action    = "iam:PassRole"
      Resource  = local.called.role
      Condition = { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }
    },
  ]
}

resource "aws_iam_policy" "boundary" {
  name        = "${var.name}-boundary"
  path        = "/delivery/"
  description = "The most that a role of ${var.name} may do"
  policy      = jsonencode({ Version = "2012-10-17", Statement = local.boundary })
}
