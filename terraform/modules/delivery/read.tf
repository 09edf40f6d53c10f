# What `terraform plan` reads: how things are set up, and nothing that is in them. AWS's ReadOnlyAccess would give away objects, secrets of parameters, logs and
# the state of the account; ViewOnlyAccess and SecurityAudit together lack some of what a plan needs and have much of what it does not.

locals {
  read = [
    {
      Sid    = "HowThingsAreSetUp"
      Effect = "Allow"
      Action = [
        "acm:DescribeCertificate", "acm:ListTagsForCertificate",
        "application-autoscaling:Describe*", "application-autoscaling:ListTagsForResource",
        "backup:Describe*", "backup:GetBackupPlan", "backup:GetBackupSelection", "backup:GetBackupVault*", "backup:List*",
        "chatbot:DescribeSlack*", "chatbot:ListTagsForResource",
        "cloudfront:Get*", "cloudfront:List*",
        "cloudwatch:DescribeAlarms", "cloudwatch:GetDashboard", "cloudwatch:ListTagsForResource",
        "codedeploy:BatchGet*", "codedeploy:Get*", "codedeploy:List*",
        "ec2:Describe*", "ec2:GetManagedPrefixListEntries",
        "ecr:DescribeRepositories", "ecr:ListTagsForResource",
        "ecs:Describe*", "ecs:List*",
        "elasticloadbalancing:Describe*",
        "events:DescribeRule", "events:ListTagsForResource", "events:ListTargetsByRule",
        "kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListAliases", "kms:ListResourceTags",
        "logs:Describe*", "logs:ListTagsForResource",
        "rds:Describe*", "rds:ListTagsForResource",
        "route53:GetChange", "route53:GetHostedZone", "route53:List*",
        "sns:GetSubscriptionAttributes", "sns:GetTopicAttributes", "sns:ListTagsForResource",
        "wafv2:GetLoggingConfiguration", "wafv2:GetWebACL", "wafv2:GetWebACLForResource", "wafv2:ListTagsForResource",
        "xray:GetGroup", "xray:GetGroups", "xray:ListTagsForResource",
      ]
      Resource = "*"
    },
    {
      Sid    = "Roles"
      Effect = "Allow"
      Action = [
        "iam:GetPolicy", "iam:GetPolicyVersion", "iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies",
        "iam:ListInstanceProfilesForRole", "iam:ListPolicyVersions", "iam:ListRolePolicies",
      ]
      Resource = concat(local.called.role, [
        "${local.arn}:iam::${local.account}:role/delivery/${var.name}-*",
        "${local.arn}:iam::${local.account}:policy/delivery/${var.name}-*",
        "${local.arn}:iam::aws:policy/*",
      ])
    },
    {
      Sid      = "WhoMayTakeRoles"
      Effect   = "Allow"
      Action   = ["iam:GetOpenIDConnectProvider", "iam:ListOpenIDConnectProviders"]
      Resource = "*"
    },
    {
      Sid    = "Functions"
      Effect = "Allow"
      Action = [
        "lambda:GetFunction", "lambda:GetFunctionCodeSigningConfig", "lambda:GetFunctionConcurrency", "lambda:GetFunctionConfiguration",
        "lambda:GetFunctionEventInvokeConfig", "lambda:GetPolicy", "lambda:ListTags", "lambda:ListVersionsByFunction",
      ]
      Resource = local.called.function
    },
    {
      Sid      = "Schedules"
      Effect   = "Allow"
      Action   = ["scheduler:GetSchedule", "scheduler:GetScheduleGroup", "scheduler:ListTagsForResource"]
      Resource = concat(local.called.schedule_group, ["${local.arn}:scheduler:${local.here}:schedule/*/${var.name}-*"])
    },
    {
      # Not their values.
      Sid      = "Secrets"
      Effect   = "Allow"
      Action   = ["secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy"]
      Resource = concat(local.called.secret, [local.master_secrets])
    },
    {
      # ListBucket is also how the provider asks whether one is there.
      Sid    = "Buckets"
      Effect = "Allow"
      Action = [
        "s3:GetAccelerateConfiguration", "s3:GetBucket*", "s3:GetEncryptionConfiguration", "s3:GetLifecycleConfiguration", "s3:GetReplicationConfiguration", "s3:ListBucket",
      ]
      Resource = local.called.bucket
    },
    {
      # The values of codedeploy/README.md, which Terraform writes. There is nothing secret in them.
      Sid      = "DeploymentValues"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:GetObjectTagging"]
      Resource = "${var.artifacts.bucket_arn}/deployment/*"
    },
    {
      # These, and the variables of functions: without the key Lambda leaves them out of its answer, and a plan adds them again.
      # https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
      Sid       = "DecryptValuesAndVariables"
      Effect    = "Allow"
      Action    = "kms:Decrypt"
      Resource  = var.artifacts.key_arn
      Condition = { StringEquals = { "kms:ViaService" = [for service in ["lambda", "s3"] : "${service}.${local.region}.amazonaws.com"] } }
    },
  ]

  # RDS gives the name.
  master_secrets = "${local.arn}:secretsmanager:${local.here}:secret:rds!db-*"

  by_s3 = { StringEquals = { "kms:ViaService" = "s3.${local.region}.amazonaws.com" } }

  # This environment's state only: not that of another, and not the account's. A plan takes no lock (-lock=false).
  read_state = [
    {
      Sid       = "FindState"
      Effect    = "Allow"
      Action    = "s3:ListBucket"
      Resource  = var.state.bucket_arn
      Condition = { StringEquals = { "s3:prefix" = var.state.key } }
    },
    {
      Sid      = "ReadState"
      Effect   = "Allow"
      Action   = "s3:GetObject"
      Resource = "${var.state.bucket_arn}/${var.state.key}"
    },
    {
      Sid       = "DecryptState"
      Effect    = "Allow"
      Action    = "kms:Decrypt"
      Resource  = var.state.kms_key_arn
      Condition = local.by_s3
    },
  ]

  # https://developer.hashicorp.com/terraform/language/backend/s3#s3-bucket-permissions
  write_state = [
    {
      Sid      = "WriteState"
      Effect   = "Allow"
      Action   = "s3:PutObject"
      Resource = "${var.state.bucket_arn}/${var.state.key}"
    },
    {
      Sid      = "Lock"
      Effect   = "Allow"
      Action   = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
      Resource = "${var.state.bucket_arn}/${var.state.key}.tflock"
    },
    {
      Sid       = "EncryptState"
      Effect    = "Allow"
      Action    = "kms:GenerateDataKey"
      Resource  = var.state.kms_key_arn
      Condition = local.by_s3
    },
  ]
}
