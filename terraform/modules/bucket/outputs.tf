output "id" {
  description = "Name of the bucket, known once its policy is in force: a service that tests whether it may write does not come too early."
  # Not `.id`, which is unknown before apply: another bucket's `count` looks at it.
  value      = aws_s3_bucket.this.bucket
  depends_on = [aws_s3_bucket_policy.this, aws_s3_bucket_ownership_controls.this]
}

output "arn" {
  description = "ARN of the bucket. Policies in `statements` may name it."
  value       = aws_s3_bucket.this.arn
}

output "regional_domain_name" {
  description = "Name of the bucket as CloudFront wants it for its logs, such as `NAME.s3.eu-west-1.amazonaws.com`."
  value       = aws_s3_bucket.this.bucket_regional_domain_name
  depends_on  = [aws_s3_bucket_ownership_controls.this]
}
