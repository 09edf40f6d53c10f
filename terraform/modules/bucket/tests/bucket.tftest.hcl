mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name = "taproom-test-things-123456789012"
}

run "closed_by_default" {
  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.this.block_public_acls,
      aws_s3_bucket_public_access_block.this.block_public_policy,
      aws_s3_bucket_public_access_block.this.ignore_public_acls,
      aws_s3_bucket_public_access_block.this.restrict_public_buckets,
    ])
    error_message = "public access is not blocked in all four ways"
  }

  assert {
    condition     = one(aws_s3_bucket_ownership_controls.this.rule).object_ownership == "BucketOwnerEnforced"
    error_message = "ACLs are not off"
  }

  assert {
    condition     = one(aws_s3_bucket_versioning.this.versioning_configuration).status == "Enabled"
    error_message = "objects have no versions"
  }

  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    error_message = "without a key, objects are not encrypted with S3's"
  }

  assert {
    condition     = aws_s3_bucket.this.force_destroy == false
    error_message = "objects go with the bucket"
  }

  assert {
    condition     = length(one(aws_s3_bucket_lifecycle_configuration.this.rule).expiration) == 0
    error_message = "objects expire, though nobody asked for it"
  }

  assert {
    condition     = length(aws_s3_bucket_logging.this) == 0
    error_message = "access is logged, though nobody said where"
  }
}

run "refuses_plain_http_and_old_tls" {
  assert {
    condition = { for statement in data.aws_iam_policy_document.this.statement : statement.sid => [
      statement.effect, one(one(statement.principals).identifiers), one(statement.condition).test, one(statement.condition).variable, one(one(statement.condition).values)
      ] } == {
      RefusePlainHttp = ["Deny", "*", "Bool", "aws:SecureTransport", "false"]
      RefuseOldTls    = ["Deny", "*", "NumericLessThan", "s3:TlsVersion", "1.2"]
    }
    error_message = "the policy is another one"
  }

  assert {
    condition     = alltrue([for statement in data.aws_iam_policy_document.this.statement : length(statement.resources) == 2])
    error_message = "either the bucket or its objects are left out"
  }
}

run "encrypts_with_the_key_and_nothing_else" {
  variables {
    key = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000001"
  }

  assert {
    condition = (
      one(one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default).kms_master_key_id == var.key
      && one(one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default).sse_algorithm == "aws:kms"
      && one(aws_s3_bucket_server_side_encryption_configuration.this.rule).bucket_key_enabled
    )
    error_message = "the key is not the bucket's"
  }

  assert {
    condition     = contains([for statement in data.aws_iam_policy_document.this.statement : statement.sid], "RefuseOtherEncryption")
    error_message = "a header may choose another encryption"
  }
}

run "does_what_is_asked_for" {
  variables {
    access_logs_bucket     = "taproom-test-logs-123456789012"
    versioned              = false
    expire_days            = 30
    noncurrent_expire_days = 1
    object_writer          = true
    force_destroy          = true
    statements             = ["{\"Version\":\"2012-10-17\",\"Statement\":[]}"]
  }

  assert {
    condition     = aws_s3_bucket_logging.this[0].target_prefix == "s3/taproom-test-things-123456789012/"
    error_message = "logs of several buckets would mix"
  }

  assert {
    condition     = one(aws_s3_bucket_versioning.this.versioning_configuration).status == "Suspended"
    error_message = "versioning is not suspended"
  }

  assert {
    condition     = one(one(aws_s3_bucket_lifecycle_configuration.this.rule).expiration).days == 30
    error_message = "objects do not expire"
  }

  assert {
    condition     = one(aws_s3_bucket_ownership_controls.this.rule).object_ownership == "BucketOwnerPreferred"
    error_message = "CloudFront cannot write"
  }

  assert {
    condition     = data.aws_iam_policy_document.this.source_policy_documents == var.statements
    error_message = "the caller's statements are lost"
  }
}

run "refuses_a_name_that_S3_does_not_take" {
  command = plan

  variables {
    name = "Taproom_Things"
  }

  expect_failures = [var.name]
}

run "refuses_to_expire_at_once" {
  command = plan

  variables {
    expire_days = 0
  }

  expect_failures = [var.expire_days]
}

run "refuses_half_a_day_of_versions" {
  command = plan

  variables {
    noncurrent_expire_days = 0.5
  }

  expect_failures = [var.noncurrent_expire_days]
}
