mock_provider "aws" {
  source = "../tests/mocks"
}

mock_provider "aws" {
  alias  = "global"
  source = "../tests/mocks"
}

variables {
  region            = "eu-west-1"
  domain            = "example.com"
  github_repository = "example/taproom"
  people            = { ticket = ["team@example.com"] }
}

run "a_zone_is_no_region" {
  command = plan

  variables {
    region = "eu-west-1a"
  }

  expect_failures = [var.region]
}

run "a_url_is_no_domain" {
  command = plan

  variables {
    domain = "https://example.com"
  }

  expect_failures = [var.domain]
}

run "every_repository_is_none" {
  command = plan

  variables {
    github_repository = "example/*"
  }

  expect_failures = [var.github_repository]
}

run "somebody_has_to_hear" {
  command = plan

  variables {
    people = { ticket = [] }
  }

  expect_failures = [var.people]
}

run "a_name_is_no_address" {
  command = plan

  variables {
    people = { ticket = ["team"] }
  }

  expect_failures = [var.people]
}

run "what_cannot_be_left_out_is_refused" {
  command = plan

  variables {
    existing = ["registry"]
  }

  expect_failures = [var.existing]
}

run "a_zone_of_others_is_not_signed" {
  command = plan

  variables {
    existing = ["zone"]
    dnssec   = true
  }

  expect_failures = [var.dnssec]
}
