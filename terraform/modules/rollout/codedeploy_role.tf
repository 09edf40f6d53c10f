resource "aws_iam_role" "codedeploy" {
  name        = "${var.name}-codedeploy"
  description = "CodeDeploy for ${var.name}: task sets, listeners, hooks, alarms"

  # AWS documents no condition for CodeDeploy, and one that it does not send would stop all deployments. Handing over the role takes iam:PassRole anyway.
  # https://docs.aws.amazon.com/codedeploy/latest/userguide/getting-started-create-service-role.html
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "codedeploy.amazonaws.com" }
    }]
  })

  permissions_boundary = var.permissions_boundary
}

# AWSCodeDeployRoleForECS without SNS and S3, of which we use neither, and for this service alone.
# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCodeDeployRoleForECS.html
# Which action takes a resource: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
resource "aws_iam_role_policy" "codedeploy" {
  name = "deploy"
  role = aws_iam_role.codedeploy.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Service"
        Effect   = "Allow"
        Action   = ["ecs:DescribeServices", "ecs:UpdateServicePrimaryTaskSet"]
        Resource = [local.service_arn]
      },
      {
        Sid       = "CreateTaskSet"
        Effect    = "Allow"
        Action    = ["ecs:CreateTaskSet"]
        Resource  = ["*"]
        Condition = { ArnEquals = { "ecs:cluster" = local.cluster_arn } }
      },
      {
        Sid      = "DeleteTaskSet"
        Effect   = "Allow"
        Action   = ["ecs:DeleteTaskSet"]
        Resource = [local.task_set_arns]
      },
      {
        Sid      = "Look"
        Effect   = "Allow"
        Action   = ["elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeRules", "elasticloadbalancing:DescribeTargetGroups"]
        Resource = ["*"]
      },
      {
        Sid      = "Alarms"
        Effect   = "Allow"
        Action   = ["cloudwatch:DescribeAlarms"]
        Resource = ["arn:${local.partition}:cloudwatch:${local.region}:${local.account}:alarm:*"]
      },
      {
        Sid    = "Shift"
        Effect = "Allow"
        Action = ["elasticloadbalancing:ModifyListener", "elasticloadbalancing:ModifyRule"]
        Resource = flatten([for arn in values(var.listeners) :
          [arn, "${replace(arn, ":listener/", ":listener-rule/")}/*"]
        ])
      },
      {
        Sid      = "AskHooks"
        Effect   = "Allow"
        Action   = ["lambda:InvokeFunction"]
        Resource = [for hook in values(local.hooks) : module.function[hook.key].arn]
      },
      {
        Sid       = "HandRolesToTasks"
        Effect    = "Allow"
        Action    = ["iam:PassRole"]
        Resource  = var.pass_role_arns
        Condition = { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }
      },
    ]
  })
}
