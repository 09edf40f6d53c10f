mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name                = "taproom-test"
  cidr                = "10.20.0.0/16"
  zones               = 3
  nat                 = "per_zone"
  interface_endpoints = []
  open_ports          = [443]
  logs_key            = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000001"
  log_retention_days  = 30
}

run "refuses_one_zone" {
  command = plan

  variables {
    zones = 1
  }

  expect_failures = [var.zones]
}

run "refuses_four_zones" {
  command = plan

  variables {
    zones = 4
  }

  expect_failures = [var.zones]
}

run "refuses_a_public_network" {
  command = plan

  variables {
    cidr = "8.8.0.0/16"
  }

  expect_failures = [var.cidr]
}

run "refuses_a_network_that_is_almost_private" {
  command = plan

  variables {
    cidr = "172.32.0.0/16"
  }

  expect_failures = [var.cidr]
}

run "refuses_a_network_that_is_too_small" {
  command = plan

  variables {
    cidr = "10.20.0.0/21"
  }

  expect_failures = [var.cidr]
}

run "refuses_a_network_that_is_too_large" {
  command = plan

  variables {
    cidr = "10.0.0.0/8"
  }

  expect_failures = [var.cidr]
}

run "refuses_a_network_with_an_address_of_a_host" {
  command = plan

  variables {
    cidr = "10.20.0.1/16"
  }

  expect_failures = [var.cidr]
}

run "refuses_no_network" {
  command = plan

  variables {
    cidr = "10.20.0.0"
  }

  expect_failures = [var.cidr]
}

run "refuses_an_unknown_choice_of_nat" {
  command = plan

  variables {
    nat = "none"
  }

  expect_failures = [var.nat]
}

run "refuses_an_endpoint_by_its_full_name" {
  command = plan

  variables {
    interface_endpoints = ["com.amazonaws.eu-west-1.logs"]
  }

  expect_failures = [var.interface_endpoints]
}

run "refuses_a_second_endpoint_of_S3" {
  command = plan

  variables {
    interface_endpoints = ["s3"]
  }

  expect_failures = [var.interface_endpoints]
}

run "refuses_SSH_from_the_internet" {
  command = plan

  variables {
    open_ports = [22, 443]
  }

  expect_failures = [var.open_ports]
}

run "refuses_no_port_at_all" {
  command = plan

  variables {
    open_ports = []
  }

  expect_failures = [var.open_ports]
}

run "refuses_the_same_port_twice" {
  command = plan

  variables {
    open_ports = [443, 443]
  }

  expect_failures = [var.open_ports]
}

run "refuses_more_zones_than_the_region_has" {
  command = plan

  override_data {
    target = data.aws_availability_zones.here
    values = { names = ["us-west-1b", "us-west-1c"] }
  }

  expect_failures = [data.aws_availability_zones.here]
}
