data "aws_region" "current" {}

locals {
  secrets_manager = "secretsmanager.${data.aws_region.current.name}.amazonaws.com"
}

data "aws_iam_policy_document" "program" {
  statement {
    sid       = "MasterSecret"
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [var.database.master_secret_arn]
  }

  statement {
    sid       = "DecryptSecrets"
    actions   = ["kms:Decrypt"]
    resources = [var.data_key]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = [local.secrets_manager]
    }
  }

  dynamic "statement" {
    for_each = var.introspection_key[*]

    content {
      sid       = "IntrospectionKey"
      actions   = ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"]
      resources = [statement.value.secret_arn]
    }
  }

  dynamic "statement" {
    for_each = var.introspection_key[*]

    content {
      sid       = "EncryptSecrets"
      actions   = ["kms:GenerateDataKey"]
      resources = [var.data_key]

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = [local.secrets_manager]
      }
    }
  }
}
