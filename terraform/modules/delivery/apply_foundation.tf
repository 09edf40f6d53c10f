locals {
  apply_foundation = concat([
    {
      Sid       = "MakeKeys"
      Effect    = "Allow"
      Action    = "kms:CreateKey"
      Resource  = "*"
      Condition = { StringEquals = { "aws:RequestedRegion" = local.regions, "aws:RequestTag/Environment" = var.environment } }
    },
    {
      Sid    = "Keys"
      Effect = "Allow"
      Action = [
        "kms:CreateAlias", "kms:DeleteAlias", "kms:EnableKeyRotation", "kms:PutKeyPolicy", "kms:TagResource", "kms:UntagResource", "kms:UpdateAlias",
        "kms:UpdateKeyDescription",
      ]
      Resource  = local.key_arns
      Condition = local.ours
    },
    {
      Sid      = "Aliases"
      Effect   = "Allow"
      Action   = ["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"]
      Resource = local.alias_arns
    },
    {
      # Services that keep something encrypted ask for a grant in the name of whoever sets them up.
      Sid       = "GrantKeysToServices"
      Effect    = "Allow"
      Action    = "kms:CreateGrant"
      Resource  = local.key_arns
      Condition = merge(local.ours, { Bool = { "kms:GrantIsForAWSResource" = "true" } })
    },
    {
      Sid      = "UseKeysByServices"
      Effect   = "Allow"
      Action   = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*"]
      Resource = local.key_arns
      Condition = merge(local.ours, {
        StringLike = { "kms:ViaService" = [for service in ["backup", "lambda", "rds", "s3", "secretsmanager"] : "${service}.*.amazonaws.com"] }
      })
    },
    {
      Sid    = "Buckets"
      Effect = "Allow"
      Action = [
        "s3:CreateBucket", "s3:DeleteBucket", "s3:DeleteBucketPolicy", "s3:ListBucketVersions", "s3:PutBucket*", "s3:PutEncryptionConfiguration",
        "s3:PutLifecycleConfiguration",
      ]
      Resource = local.called.bucket
    },
    {
      # None of it is read.
      Sid      = "Objects"
      Effect   = "Allow"
      Action   = ["s3:DeleteObject", "s3:PutObject", "s3:PutObjectTagging"]
      Resource = [for arn in local.called.bucket : "${arn}/*"]
    },
    {
      Sid    = "Vaults"
      Effect = "Allow"
      Action = [
        "backup:CreateBackupVault", "backup:DeleteBackupVault", "backup:TagResource", "backup:UntagResource",
      ]
      Resource = concat(local.called.vault, local.called.replica_vault)
    },
    {
      # With ChangeableForDays, the lock could never be taken away again, by nobody. To let one go is for administrators, too.
      Sid       = "LockVaults"
      Effect    = "Allow"
      Action    = "backup:PutBackupVaultLockConfiguration"
      Resource  = concat(local.called.vault, local.called.replica_vault)
      Condition = { Null = { "backup:ChangeableForDays" = "true" } }
    },
    {
      # Plans have ids, and no names.
      Sid      = "BackupPlans"
      Effect   = "Allow"
      Action   = ["backup:CreateBackupPlan", "backup:CreateBackupSelection", "backup:TagResource"]
      Resource = "${local.arn}:backup:${local.here}:backup-plan:*"
    },
    {
      Sid       = "ChangeBackupPlans"
      Effect    = "Allow"
      Action    = ["backup:DeleteBackupPlan", "backup:DeleteBackupSelection", "backup:UntagResource", "backup:UpdateBackupPlan"]
      Resource  = "${local.arn}:backup:${local.here}:backup-plan:*"
      Condition = local.ours
    },
    {
      # Part of making a vault with a key of one's own.
      Sid       = "MountVaults"
      Effect    = "Allow"
      Action    = ["backup-storage:MountCapsule"]
      Resource  = "*"
      Condition = local.here_only
    },
  ], [for statement in local.apply_disposal : statement if var.disposable])

  # What cannot be made anew. Where data is to stay, it takes an administrator.
  apply_disposal = [
    {
      Sid       = "DeleteKeys"
      Effect    = "Allow"
      Action    = "kms:ScheduleKeyDeletion"
      Resource  = local.key_arns
      Condition = local.ours
    },
    {
      Sid      = "EmptyBuckets"
      Effect   = "Allow"
      Action   = "s3:DeleteObjectVersion"
      Resource = [for arn in local.called.bucket : "${arn}/*"]
    },
    {
      Sid      = "EmptyVaults"
      Effect   = "Allow"
      Action   = "backup:DeleteRecoveryPoint"
      Resource = concat(local.called.vault, local.called.replica_vault)
    },
  ]
}
