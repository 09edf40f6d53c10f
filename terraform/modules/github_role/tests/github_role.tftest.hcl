mock_provider "aws" { source = "../../tests/mocks" }

variables {
  name              = "taproom-staging-plan"
  oidc_provider_arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
  subjects          = ["repo:example/taproom:environment:staging-plan"]
  policies          = { read_all = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
}

run "trusts_one_subject_of_github" {
  assert {
    condition = { for condition in data.aws_iam_policy_document.trust.statement[0].condition : condition.variable => [condition.test, condition.values] } == {
      "token.actions.githubusercontent.com:aud" = ["StringEquals", tolist(["sts.amazonaws.com"])]
      "token.actions.githubusercontent.com:sub" = ["StringEquals", tolist(["repo:example/taproom:environment:staging-plan"])]
    }
    error_message = "trust is ${jsonencode(data.aws_iam_policy_document.trust.statement)}"
  }
  assert {
    condition     = aws_iam_role.this.path == "/delivery/" && aws_iam_policy.this["read_all"].path == "/delivery/"
    error_message = "role or policy is where others can change it"
  }
  assert {
    condition     = aws_iam_policy.this["read_all"].name == "taproom-staging-plan-read-all"
    error_message = aws_iam_policy.this["read_all"].name
  }
}

# https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens/
run "repositories_by_their_ids" {
  command = plan
  variables {
    subjects = ["repo:example@12/taproom@34:environment:staging-plan"]
  }
  assert {
    condition     = data.aws_iam_policy_document.trust.statement[0].condition != null
    error_message = "repositories of 2026 are refused"
  }
}

run "wildcards" {
  command = plan
  variables {
    subjects = ["repo:example/*:environment:staging"]
  }
  expect_failures = [var.subjects]
}

run "pull_requests" {
  command = plan
  variables {
    subjects = ["repo:example/taproom:pull_request"]
  }
  expect_failures = [var.subjects]
}

run "nobody" {
  command = plan
  variables {
    subjects = []
  }
  expect_failures = [var.subjects]
}

run "too_long" {
  command = plan
  variables {
    policies = { all = join("", [for number in range(700) : "s3:GetObject"]) }
  }
  expect_failures = [var.policies]
}

run "others" {
  command = plan
  variables {
    name              = "a role"
    oidc_provider_arn = "arn:aws:iam::123456789012:oidc-provider/gitlab.com"
  }
  expect_failures = [var.name, var.oidc_provider_arn]
}
