# Two keys, so that who may read logs need not be able to read data.

resource "aws_kms_key" "data" {
  description             = "${var.name}: database, secrets, artifacts, backups"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = data.aws_iam_policy_document.account_key.json
}

resource "aws_kms_alias" "data" {
  name          = "alias/${var.name}-data"
  target_key_id = aws_kms_key.data.key_id
}

resource "aws_kms_key" "logs" {
  description             = "${var.name}: logs and notifications"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = data.aws_iam_policy_document.logs_key.json
}

resource "aws_kms_alias" "logs" {
  name          = "alias/${var.name}-logs"
  target_key_id = aws_kms_key.logs.key_id
}

# A recovery point is encrypted with its vault's key, and a key is of one region: what is copied has to be readable when this region is not there.
resource "aws_kms_key" "replica" {
  provider = aws.replica

  description             = "${var.name}: copies of backups"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = data.aws_iam_policy_document.account_key.json
}

resource "aws_kms_alias" "replica" {
  provider = aws.replica

  name          = "alias/${var.name}-backup"
  target_key_id = aws_kms_key.replica.key_id
}

# RDS, Secrets Manager, S3, Lambda and AWS Backup use a key in the name of whoever calls them, so that IAM policies decide.
data "aws_iam_policy_document" "account_key" {
  #checkov:skip=CKV_AWS_109:Without this statement, AWS's own default, nobody could ever change the key again
  #checkov:skip=CKV_AWS_111:A key's policy is about this key only
  #checkov:skip=CKV_AWS_356:A key's policy is about this key only
  statement {
    sid       = "IamDecides"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${local.partition}:iam::${local.account}:root"]
    }
  }
}

data "aws_iam_policy_document" "logs_key" {
  #checkov:skip=CKV_AWS_109:Without AWS's default statement, nobody could ever change the key again
  #checkov:skip=CKV_AWS_111:A key's policy is about this key only
  #checkov:skip=CKV_AWS_356:A key's policy is about this key only
  source_policy_documents = [data.aws_iam_policy_document.account_key.json]

  # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
  statement {
    sid       = "CloudWatchLogs"
    actions   = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["logs.${local.region}.amazonaws.com"]
    }

    condition {
      test     = "ArnLike"
      variable = "kms:EncryptionContext:aws:logs:arn"
      values   = ["arn:${local.partition}:logs:${local.region}:${local.account}:log-group:*"]
    }
  }

  # Who publishes to an encrypted topic needs its key: alarms, and rules about events such as failed backups.
  # https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
  statement {
    sid       = "Alarms"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey*"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }

  # As the same page says, with aws:SourceAccount or aws:SourceArn EventBridge could not publish. Which rules may, the topics' own policies say.
  statement {
    sid       = "Rules"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey*"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }
  }
}
