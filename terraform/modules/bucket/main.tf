resource "aws_s3_bucket" "this" {
  #checkov:skip=CKV_AWS_18:Whoever makes a bucket of logs cannot log its access; the others set access_logs_bucket
  #checkov:skip=CKV_AWS_21:Versioning is on unless a caller says otherwise
  #checkov:skip=CKV_AWS_144:What must outlive the region is copied there by AWS Backup
  #checkov:skip=CKV_AWS_145:The key is the caller's; Elastic Load Balancing writes to buckets without a key of ours only
  #checkov:skip=CKV2_AWS_62:Nothing waits for objects
  bucket        = var.name
  force_destroy = var.force_destroy
}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket                  = aws_s3_bucket.this.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "this" {
  #checkov:skip=CKV2_AWS_65:Only CloudFront's logs come with an ACL, and only a caller that has them asks for it
  bucket = aws_s3_bucket.this.id

  rule {
    object_ownership = var.object_writer ? "BucketOwnerPreferred" : "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    bucket_key_enabled = var.key != null

    apply_server_side_encryption_by_default {
      sse_algorithm     = var.key == null ? "AES256" : "aws:kms"
      kms_master_key_id = var.key
    }
  }
}

resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id

  versioning_configuration {
    # A bucket that once had versions cannot go back to "Disabled".
    status = var.versioned ? "Enabled" : "Suspended"
  }
}

resource "aws_s3_bucket_logging" "this" {
  count = var.access_logs_bucket == null ? 0 : 1

  bucket        = aws_s3_bucket.this.id
  target_bucket = var.access_logs_bucket
  target_prefix = "s3/${var.name}/"
}
