locals {
  recorders = contains(var.existing, "config") ? 0 : 1

  # Config is paid for by the item recorded and by the evaluation. So only what a rule below judges is recorded, and nothing that deployments change:
  # a network interface, recorded by default, comes and goes with each task. Recording once a day costs four times as much an item, and pays
  # only for what changes more than four times a day.
  recorded = [
    "AWS::CloudTrail::Trail",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::VPC",
    "AWS::IAM::Policy",
    "AWS::IAM::User",
    "AWS::KMS::Key",
    "AWS::Lambda::Function",
    "AWS::RDS::DBInstance",
    "AWS::S3::Bucket",
  ]

  # What hands can do to an account that Terraform does not see, or sees too late.
  # https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html
  rules = {
    bucket-not-public    = { identifier = "S3_BUCKET_PUBLIC_READ_PROHIBITED" }
    bucket-refuses-http  = { identifier = "S3_BUCKET_SSL_REQUESTS_ONLY" }
    database-encrypted   = { identifier = "RDS_STORAGE_ENCRYPTED" }
    database-not-public  = { identifier = "RDS_INSTANCE_PUBLIC_ACCESS_CHECK" }
    default-group-closed = { identifier = "VPC_DEFAULT_SECURITY_GROUP_CLOSED" }
    function-not-public  = { identifier = "LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED" }
    no-policy-for-all    = { identifier = "IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS" }
    no-ssh-from-anywhere = { identifier = "INCOMING_SSH_DISABLED" }

    # AWS looks at these once a day, and refuses a frequency with the others.
    key-not-to-be-deleted = { identifier = "KMS_CMK_NOT_SCHEDULED_FOR_DELETION", frequency = "TwentyFour_Hours" }
    no-user-without-mfa   = { identifier = "IAM_USER_MFA_ENABLED", frequency = "TwentyFour_Hours" }
    no-user-unused        = { identifier = "IAM_USER_UNUSED_CREDENTIALS_CHECK", frequency = "TwentyFour_Hours", parameters = { maxCredentialUsageAge = "90" } }
    root-has-mfa          = { identifier = "ROOT_ACCOUNT_MFA_ENABLED", frequency = "TwentyFour_Hours" }
    root-has-no-key       = { identifier = "IAM_ROOT_ACCESS_KEY_CHECK", frequency = "TwentyFour_Hours" }
    trail-encrypted       = { identifier = "CLOUD_TRAIL_ENCRYPTION_ENABLED", frequency = "TwentyFour_Hours" }
    trail-validated       = { identifier = "CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED", frequency = "TwentyFour_Hours" }
    vpc-with-flow-logs    = { identifier = "VPC_FLOW_LOGS_ENABLED", frequency = "TwentyFour_Hours" }
  }
}

# The role that AWS wants the recorder to have.
resource "aws_iam_service_linked_role" "config" {
  count = local.recorders

  aws_service_name = "config.amazonaws.com"
}

resource "aws_config_configuration_recorder" "this" {
  #checkov:skip=CKV2_AWS_48:It records what the rules judge, and no more, for each item costs
  count = local.recorders

  name     = local.project
  role_arn = aws_iam_service_linked_role.config[0].arn

  recording_group {
    all_supported  = false
    resource_types = local.recorded

    recording_strategy {
      use_only = "INCLUSION_BY_RESOURCE_TYPES"
    }
  }

  recording_mode {
    recording_frequency = "CONTINUOUS"
  }
}

resource "aws_config_delivery_channel" "this" {
  count = local.recorders

  name           = local.project
  s3_bucket_name = module.audit[0].id
  s3_kms_key_arn = aws_kms_key.account.arn

  depends_on = [aws_config_configuration_recorder.this]
}

resource "aws_config_configuration_recorder_status" "this" {
  #checkov:skip=CKV2_AWS_45:It records what the rules judge, and no more, for each item costs
  count = local.recorders

  name       = aws_config_configuration_recorder.this[0].name
  is_enabled = true

  depends_on = [aws_config_delivery_channel.this]
}

resource "aws_config_config_rule" "this" {
  for_each = { for name, rule in local.rules : name => rule if local.recorders == 1 }

  name                        = "${local.project}-${each.key}"
  maximum_execution_frequency = lookup(each.value, "frequency", null)
  input_parameters            = contains(keys(each.value), "parameters") ? jsonencode(each.value.parameters) : null

  source {
    owner             = "AWS"
    source_identifier = each.value.identifier
  }

  depends_on = [aws_config_configuration_recorder_status.this]
}
