locals {
  # The value is the environment's: two environments in one account do not back up each other's.
  backup_tag = { key = "backup", value = var.name }
}

resource "aws_backup_vault" "here" {
  name          = var.name
  kms_key_arn   = aws_kms_key.data.arn
  force_destroy = var.force_destroy
}

resource "aws_backup_vault" "replica" {
  provider = aws.replica

  name          = var.name
  kms_key_arn   = aws_kms_key.replica.arn
  force_destroy = var.force_destroy
}

# Governance mode: who may delete the lock may delete recovery points, and no other. The other mode, which not even AWS could undo, would be
# turned on by changeable_for_days: https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
resource "aws_backup_vault_lock_configuration" "here" {
  count = var.backup.vault_lock ? 1 : 0

  backup_vault_name  = aws_backup_vault.here.name
  min_retention_days = var.backup.keep_days
}

resource "aws_backup_vault_lock_configuration" "replica" {
  count    = var.backup.vault_lock ? 1 : 0
  provider = aws.replica

  backup_vault_name  = aws_backup_vault.replica.name
  min_retention_days = var.backup.copy_keep_days
}

resource "aws_backup_plan" "this" {
  name = var.name

  rule {
    rule_name         = "scheduled"
    target_vault_name = aws_backup_vault.here.name
    schedule          = var.backup.schedule
    # Minutes: after an hour without a start, or eight in all, the job is expired, which is told as a failure.
    start_window      = 60
    completion_window = 480

    lifecycle {
      delete_after = var.backup.keep_days
    }

    copy_action {
      destination_vault_arn = aws_backup_vault.replica.arn

      lifecycle {
        delete_after = var.backup.copy_keep_days
      }
    }
  }
}

resource "aws_backup_selection" "tagged" {
  name         = "tagged"
  plan_id      = aws_backup_plan.this.id
  iam_role_arn = aws_iam_role.backup.arn

  selection_tag {
    type  = "STRINGEQUALS"
    key   = local.backup_tag.key
    value = local.backup_tag.value
  }

  # Until then, the role may do nothing.
  depends_on = [aws_iam_role_policy_attachment.backup]
}

resource "aws_iam_role" "backup" {
  name               = "${var.name}-backup"
  description        = "AWS Backup makes and copies recovery points"
  assume_role_policy = data.aws_iam_policy_document.backup_trust.json

  permissions_boundary = var.permissions_boundary
}

data "aws_iam_policy_document" "backup_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["backup.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}

# AWS's own, for it grows with what a service's backup needs. It makes backups and restores none.
resource "aws_iam_role_policy_attachment" "backup" {
  role       = aws_iam_role.backup.name
  policy_arn = "arn:${local.partition}:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"
}
