# Settings of the account as a whole. They reach what others made in it, too, so each can be left to whoever sees to it.

resource "aws_s3_account_public_access_block" "this" {
  count = contains(var.existing, "public_access_block") ? 0 : 1

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_ebs_encryption_by_default" "this" {
  count = contains(var.existing, "ebs_encryption") ? 0 : 1

  enabled = true
}

# Nobody should need one: people come by IAM Identity Center, machines by roles. No expiry, which makes passwords worse
# (https://pages.nist.gov/800-63-4/sp800-63b.html).
resource "aws_iam_account_password_policy" "this" {
  #checkov:skip=CKV_AWS_9:Passwords that expire are chosen worse
  count = contains(var.existing, "password_policy") ? 0 : 1

  minimum_password_length        = 16
  require_lowercase_characters   = true
  require_uppercase_characters   = true
  require_numbers                = true
  require_symbols                = true
  password_reuse_prevention      = 24
  allow_users_to_change_password = true
}

# Which roles, keys, buckets, queues, functions and secrets somebody outside the account can use.
resource "aws_accessanalyzer_analyzer" "account" {
  count = contains(var.existing, "access_analyzer") ? 0 : 1

  analyzer_name = local.project
  type          = "ACCOUNT"
}
