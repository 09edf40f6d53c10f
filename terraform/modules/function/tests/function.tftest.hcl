mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name               = "taproom-test-thing"
  description        = "A thing"
  package            = { bucket = "packages", key = "functions/thing/hash.zip", hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
  timeout            = 60
  policy             = "{\"Version\":\"2012-10-17\",\"Statement\":[]}"
  vpc                = { id = "vpc-1", subnet_ids = ["subnet-a", "subnet-b"] }
  logs_key           = "arn:aws:kms:eu-west-1:123456789012:key/logs"
  log_retention_days = 30
}

run "starts_the_packed_program" {
  assert {
    condition = (
      aws_lambda_function.this.s3_key == "functions/thing/hash.zip" &&
      aws_lambda_function.this.source_code_hash == var.package.hash &&
      aws_lambda_function.this.runtime == "provided.al2023"
    )
    error_message = "The function does not run what was packed."
  }

  assert {
    condition     = aws_lambda_function.this.reserved_concurrent_executions == null
    error_message = "A fresh account cannot reserve executions, and this reserves some unasked."
  }

  assert {
    condition     = aws_lambda_function_event_invoke_config.this.maximum_retry_attempts == 0
    error_message = "What failed is tried again unasked."
  }
}

run "logs_where_retention_and_key_are_set" {
  assert {
    condition = (
      aws_lambda_function.this.logging_config[0].log_group == "/aws/lambda/taproom-test-thing" &&
      aws_cloudwatch_log_group.this.retention_in_days == 30 &&
      aws_cloudwatch_log_group.this.kms_key_id == var.logs_key
    )
    error_message = "The log is not the log group that has retention and a key."
  }
}

run "the_program_may_not_do_what_lambda_may" {
  assert {
    condition = one([
      for statement in data.aws_iam_policy_document.runtime.statement : statement
      if statement.effect == "Deny" && contains(statement.actions, "ec2:CreateNetworkInterface")
    ]).condition[*].values == tolist([tolist(["arn:aws:lambda:eu-west-1:123456789012:function:taproom-test-thing"])])
    error_message = "The program itself may make network interfaces."
  }

  assert {
    condition     = data.aws_iam_policy_document.runtime.statement[0].resources == toset(["${aws_cloudwatch_log_group.this.arn}:*"])
    error_message = "The function may write to other logs."
  }
}

run "reaches_https_and_nothing_else" {
  assert {
    condition     = aws_vpc_security_group_egress_rule.https.to_port == 443 && length(aws_vpc_security_group_egress_rule.other) == 0
    error_message = "The function reaches more than port 443."
  }
}

run "reaches_what_it_is_told" {
  variables {
    egress = [{ port = 5432, security_group = "sg-database" }, { port = 8443, cidr = "10.0.0.0/16" }]
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.other["0"].referenced_security_group_id == "sg-database" && aws_vpc_security_group_egress_rule.other["0"].to_port == 5432
    error_message = "The first rule is not for the security group."
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.other["1"].cidr_ipv4 == "10.0.0.0/16" && aws_vpc_security_group_egress_rule.other["1"].from_port == 8443
    error_message = "The second rule is not for the network."
  }
}
