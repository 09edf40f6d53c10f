# Who may make roles may do whatever a role may. Hence: only roles of this environment's name, only with the boundary, and none of those in /delivery/, this
# very role among them. Changes of `delivery` are applied by an administrator, and so are those of who may take on a role that is there already.

locals {
  apply_roles = [
    {
      Sid      = "RolesWithinTheBoundary"
      Effect   = "Allow"
      Action   = ["iam:AttachRolePolicy", "iam:CreateRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"]
      Resource = local.called.role
      # A boundary that is there already, or is set.
      Condition = { StringEquals = { "iam:PermissionsBoundary" = aws_iam_policy.boundary.arn } }
    },
    {
      Sid      = "Roles"
      Effect   = "Allow"
      Action   = ["iam:DeleteRole", "iam:TagRole", "iam:UntagRole", "iam:UpdateRole", "iam:UpdateRoleDescription"]
      Resource = local.called.role
    },
    {
      Sid      = "HandRolesToServices"
      Effect   = "Allow"
      Action   = "iam:PassRole"
      Resource = local.called.role
      Condition = { StringEquals = { "iam:PassedToService" = [for service in [
        "backup", "chatbot", "codedeploy", "ecs-tasks", "lambda", "monitoring.rds", "scheduler", "vpc-flow-logs",
      ] : "${service}.amazonaws.com"] } }
    },
    {
      # The first of each kind in an account.
      Sid      = "RolesOfAwsItself"
      Effect   = "Allow"
      Action   = "iam:CreateServiceLinkedRole"
      Resource = "${local.arn}:iam::${local.account}:role/aws-service-role/*"
      Condition = { StringEquals = { "iam:AWSServiceName" = [for service in [
        "backup", "ecs", "ecs.application-autoscaling", "elasticloadbalancing", "management.chatbot", "rds", "vpcorigin.cloudfront", "wafv2",
      ] : "${service}.amazonaws.com"] } }
    },
  ]
}
