resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.logs_key
}

resource "aws_lambda_function" "this" {
  #checkov:skip=CKV_AWS_115:A fresh account may run 10 functions at a time, and reserve none of them. Who calls often sets reserved_concurrency.
  #checkov:skip=CKV_AWS_116:What cannot be done is an error of the function, which has an alarm. An event that failed is of no use later.
  #checkov:skip=CKV_AWS_272:Code signing has its own authority. The package is uploaded by the build's role only, and named here by its hash.

  function_name    = var.name
  description      = var.description
  role             = aws_iam_role.this.arn
  runtime          = "provided.al2023"
  handler          = "bootstrap"
  architectures    = [var.architecture]
  s3_bucket        = var.package.bucket
  s3_key           = var.package.key
  source_code_hash = var.package.hash

  memory_size                    = var.memory
  timeout                        = var.timeout
  reserved_concurrent_executions = var.reserved_concurrency
  kms_key_arn                    = var.key

  environment {
    variables = var.environment
  }

  logging_config {
    log_group = aws_cloudwatch_log_group.this.name
    # The programs write JSON by themselves, a line for a record.
    log_format = "Text"
  }

  tracing_config {
    mode = "PassThrough"
  }

  vpc_config {
    subnet_ids         = var.vpc.subnet_ids
    security_group_ids = [aws_security_group.this.id]
  }

  # Without its permissions Lambda refuses to make a function in a VPC.
  depends_on = [aws_iam_role_policy.runtime]
}

resource "aws_lambda_function_event_invoke_config" "this" {
  function_name          = aws_lambda_function.this.function_name
  maximum_retry_attempts = var.retries
}
