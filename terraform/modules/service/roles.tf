locals {
  private_repository = "^(?P<account>[0-9]{12})\\.dkr\\.ecr\\.(?P<region>[a-z0-9-]+)\\.amazonaws\\.com(?:\\.cn)?/(?P<name>[^@:\\s]+)(?::[^@\\s]+)?@"

  # A public image is pulled without a permission.
  repositories = flatten([for image in [var.image, var.collector_image] : [for parts in regexall(local.private_repository, image) :
    "arn:${local.partition}:ecr:${parts.region}:${parts.account}:repository/${parts.name}"
  ]])

  database_users = "arn:${local.partition}:rds-db:${local.region}:${local.account}:dbuser:${var.database.resource_id}"

  policies = {
    # AmazonECSTaskExecutionRolePolicy, but for what this task needs: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
    execution = [
      { Sid = "LogIn", Action = ["ecr:GetAuthorizationToken"], Resource = ["*"] },
      {
        Sid      = "Pull"
        Action   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        Resource = distinct(local.repositories)
      },
      { Sid = "Log", Action = ["logs:CreateLogStream", "logs:PutLogEvents"], Resource = ["${var.log_group.arn}:*"] },
    ]

    task = [
      { Sid = "Database", Action = ["rds-db:connect"], Resource = ["${local.database_users}/${var.database.roles.app}"] },
      # It takes no resource.
      { Sid = "Traces", Action = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], Resource = ["*"] },
      {
        Sid      = "Metrics"
        Action   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
        Resource = [var.metrics_log_group.arn, "${var.metrics_log_group.arn}:*"]
      },
    ]

    migration = [
      { Sid = "Database", Action = ["rds-db:connect"], Resource = ["${local.database_users}/${var.database.roles.migrator}"] },
    ]
  }

  # The conditions are documented for the tasks' roles only: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
  trust = {
    execution = {}
    task      = local.of_this_account
    migration = local.of_this_account
  }

  of_this_account = {
    Condition = {
      StringEquals = { "aws:SourceAccount" = local.account }
      ArnLike      = { "aws:SourceArn" = "arn:${local.partition}:ecs:${local.region}:${local.account}:*" }
    }
  }
}

resource "aws_iam_role" "this" {
  for_each = {
    execution = "ECS itself for the tasks of ${var.name}: pulls images, writes logs"
    task      = "The service ${var.name} and its collector"
    migration = "Migrations of ${var.name}'s database"
  }

  name        = "${var.name}-${each.key}"
  description = each.value

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [merge({
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
    }, local.trust[each.key])]
  })

  permissions_boundary = var.permissions_boundary
}

resource "aws_iam_role_policy" "this" {
  for_each = aws_iam_role.this

  name   = each.key
  role   = each.value.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [for statement in local.policies[each.key] : merge(statement, { Effect = "Allow" })] })
}
