mock_provider "aws" {
  source = "../../tests/mocks"
}

mock_provider "aws" {
  alias  = "replica"
  source = "../../tests/mocks"

  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-0000-0000-000000000002" }
  }

  mock_resource "aws_backup_vault" {
    defaults = { arn = "arn:aws:backup:eu-central-1:123456789012:backup-vault:mock" }
  }
}

override_resource {
  target = aws_backup_vault.here
  values = { arn = "arn:aws:backup:eu-west-1:123456789012:backup-vault:mock" }
}

variables {
  name               = "taproom-test"
  log_retention_days = 30
  force_destroy      = false
  backup             = { schedule = "cron(0 3 * * ? *)", keep_days = 35, copy_keep_days = 90, vault_lock = false }
}

run "keys_rotate_and_tell_readers_apart" {
  assert {
    condition     = alltrue([for key in [aws_kms_key.data, aws_kms_key.logs, aws_kms_key.replica] : key.enable_key_rotation && key.deletion_window_in_days == 30])
    error_message = "a key does not rotate, or is gone before anybody notices"
  }

  assert {
    condition = alltrue([for statement in data.aws_iam_policy_document.account_key.statement :
      one(statement.principals).type == "AWS" && one(one(statement.principals).identifiers) == "arn:aws:iam::123456789012:root"
    ])
    error_message = "the data key admits somebody else than the account"
  }

  assert {
    condition = { for statement in data.aws_iam_policy_document.logs_key.statement : statement.sid => merge(
      { for principals in statement.principals : principals.type => principals.identifiers },
      { for condition in statement.condition : condition.variable => condition.values },
      ) } == {
      CloudWatchLogs = { Service = toset(["logs.eu-west-1.amazonaws.com"]), "kms:EncryptionContext:aws:logs:arn" = tolist(["arn:aws:logs:eu-west-1:123456789012:log-group:*"]) }
      Alarms         = { Service = toset(["cloudwatch.amazonaws.com"]), "aws:SourceAccount" = tolist(["123456789012"]) }
      # With a condition on the source, EventBridge would not publish, and nobody would hear of backups that failed.
      Rules = { Service = toset(["events.amazonaws.com"]) }
    }
    error_message = "the logs key admits others, or not those who publish"
  }
}

run "logs_are_delivered_and_kept" {
  assert {
    condition = { for statement in data.aws_iam_policy_document.log_delivery.statement : one(one(statement.principals).identifiers) => sort(statement.resources) } == {
      "logdelivery.elasticloadbalancing.amazonaws.com" = tolist(["arn:aws:s3:::mock/*/AWSLogs/123456789012/*", "arn:aws:s3:::mock/AWSLogs/123456789012/*"])
      "logging.s3.amazonaws.com"                       = tolist(["arn:aws:s3:::mock/s3/taproom-test-artifacts-123456789012/*"])
    }
    error_message = "others deliver logs, or to other places"
  }

  assert {
    condition     = output.logs_bucket.id == "taproom-test-logs-123456789012" && output.artifacts_bucket.id == "taproom-test-artifacts-123456789012"
    error_message = "the buckets have other names"
  }
}

run "backups_are_copied_to_the_other_region" {
  assert {
    condition     = aws_backup_vault.replica.kms_key_arn == "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-0000-0000-000000000002"
    error_message = "copies cannot be read without this region's key"
  }

  assert {
    condition = (
      one(aws_backup_plan.this.rule).target_vault_name == aws_backup_vault.here.name
      && one(one(aws_backup_plan.this.rule).lifecycle).delete_after == 35
      && one(one(aws_backup_plan.this.rule).copy_action).destination_vault_arn == "arn:aws:backup:eu-central-1:123456789012:backup-vault:mock"
      && one(one(one(aws_backup_plan.this.rule).copy_action).lifecycle).delete_after == 90
    )
    error_message = "recovery points go elsewhere, or are kept for other times"
  }

  assert {
    condition     = one(aws_backup_selection.tagged.selection_tag).key == output.backup_tag.key && one(aws_backup_selection.tagged.selection_tag).value == output.backup_tag.value
    error_message = "what is tagged as said is not backed up"
  }

  assert {
    condition     = length(aws_backup_vault_lock_configuration.here) == 0 && length(aws_cloudwatch_event_rule.failed_backup) == 0
    error_message = "a lock or a rule is there, though nobody asked for it"
  }

  assert {
    condition     = one(one(data.aws_iam_policy_document.backup_trust.statement).condition).variable == "aws:SourceAccount"
    error_message = "another account's backups could assume the role"
  }
}

run "locks_both_vaults" {
  variables {
    backup = { schedule = "cron(0 3 * * ? *)", keep_days = 35, copy_keep_days = 90, vault_lock = true }
  }

  assert {
    condition     = aws_backup_vault_lock_configuration.here[0].min_retention_days == 35 && aws_backup_vault_lock_configuration.replica[0].min_retention_days == 90
    error_message = "recovery points can be deleted before their time"
  }

  # With it, the lock could never be taken away again.
  assert {
    condition     = alltrue([for lock in [aws_backup_vault_lock_configuration.here[0], aws_backup_vault_lock_configuration.replica[0]] : lock.changeable_for_days == null])
    error_message = "the lock is in compliance mode"
  }
}

run "tells_failures" {
  variables {
    failures = { topic = "arn:aws:sns:eu-west-1:123456789012:taproom-test-ticket" }
  }

  assert {
    condition     = aws_cloudwatch_event_target.failed_backup[0].arn == "arn:aws:sns:eu-west-1:123456789012:taproom-test-ticket"
    error_message = "nobody is told"
  }

  assert {
    condition     = length(setintersection(jsondecode(aws_cloudwatch_event_rule.failed_backup[0].event_pattern).detail.state, ["COMPLETED", "RUNNING", "CREATED"])) == 0
    error_message = "backups that are well are told as failures"
  }

  assert {
    condition     = [for one in jsondecode(aws_cloudwatch_event_rule.failed_backup[0].event_pattern).detail["$or"] : one(values(one))] == [[aws_backup_vault.here.arn], [aws_backup_vault.here.arn]]
    error_message = "other environments' failures are told"
  }
}

run "refuses_a_schedule_of_another_kind" {
  command = plan

  variables {
    backup = { schedule = "0 3 * * *", keep_days = 35, copy_keep_days = 90, vault_lock = false }
  }

  expect_failures = [var.backup]
}

run "refuses_to_keep_nothing" {
  command = plan

  variables {
    backup = { schedule = "cron(0 3 * * ? *)", keep_days = 35, copy_keep_days = 0, vault_lock = false }
  }

  expect_failures = [var.backup]
}

run "refuses_to_lock_what_may_be_destroyed" {
  command = plan

  variables {
    force_destroy = true
    backup        = { schedule = "cron(0 3 * * ? *)", keep_days = 35, copy_keep_days = 90, vault_lock = true }
  }

  expect_failures = [var.backup]
}
