# A backup that fails is missed only when it is needed.
resource "aws_cloudwatch_event_rule" "failed_backup" {
  count = var.failures == null ? 0 : 1

  name        = "${var.name}-failed-backup"
  description = "A backup, or its copy to the other region, did not end well"

  # https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html
  event_pattern = jsonencode({
    source      = ["aws.backup"]
    detail-type = ["Backup Job State Change", "Copy Job State Change"]
    detail = {
      state = ["ABORTED", "EXPIRED", "FAILED", "PARTIAL"]
      "$or" = [
        { backupVaultArn = [aws_backup_vault.here.arn] },
        { sourceBackupVaultArn = [aws_backup_vault.here.arn] },
      ]
    }
  })
}

resource "aws_cloudwatch_event_target" "failed_backup" {
  count = var.failures == null ? 0 : 1

  rule = aws_cloudwatch_event_rule.failed_backup[0].name
  arn  = var.failures.topic
}
