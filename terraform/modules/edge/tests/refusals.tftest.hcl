# Every sentence that a variable can answer with.
mock_provider "aws" {
  source = "../../tests/mocks"
}

mock_provider "aws" {
  alias  = "global"
  source = "../../tests/mocks"
}

variables {
  name                           = "taproom-test"
  vpc_id                         = "vpc-1"
  public_subnet_ids              = ["subnet-public-1", "subnet-public-2"]
  private_subnet_ids             = ["subnet-private-1", "subnet-private-2"]
  host                           = "api.example.com"
  zone_id                        = "Z1"
  nat_addresses                  = ["203.0.113.1"]
  test_client_security_group_ids = { hooks = "sg-hooks" }
  cloudfront                     = false
  waf                            = { requests_per_five_minutes = 3000 }
  deletion_protection            = false
  logs_bucket                    = { id = "taproom-test-logs", regional_domain_name = "taproom-test-logs.s3.eu-west-1.amazonaws.com" }
  logs_key                       = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000000"
  log_retention_days             = 30
}

run "refuses_what_makes_no_sense" {
  command = plan

  variables {
    name                 = "taproom-integration-testing"
    public_subnet_ids    = ["subnet-public-1"]
    private_subnet_ids   = ["subnet-private-1"]
    host                 = "https://api.example.com"
    container_port       = 0
    test_port            = 443
    nat_addresses        = []
    operators            = ["0.0.0.0/0"]
    ssl_policy           = "ELBSecurityPolicy-TLS13-1-0-2021-06"
    idle_timeout         = 75
    deregistration_delay = 10
  }

  expect_failures = [
    var.name,
    var.public_subnet_ids,
    var.private_subnet_ids,
    var.host,
    var.container_port,
    var.test_port,
    var.nat_addresses,
    var.operators,
    var.ssl_policy,
    var.idle_timeout,
    var.deregistration_delay,
  ]
}

run "refuses_a_final_dot_networks_for_addresses_half_of_everybody_and_weak_ciphers" {
  command = plan

  variables {
    host                 = "api.example.com."
    nat_addresses        = ["203.0.113.0/24"]
    operators            = ["128.0.0.0/1"]
    ssl_policy           = "ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06"
    deregistration_delay = 3601
    idle_timeout         = 10
  }

  expect_failures = [
    var.host,
    var.nat_addresses,
    var.operators,
    var.ssl_policy,
    var.deregistration_delay,
    var.idle_timeout,
  ]
}

run "refuses_a_host_too_long_for_a_certificate_and_what_is_no_network" {
  command = plan

  variables {
    host      = "a-host-of-sixty-characters-is-too-long-for-this.example.com"
    operators = ["office"]
  }

  expect_failures = [var.host, var.operators]
}

run "refuses_a_network_that_aws_would_write_differently" {
  command = plan

  variables {
    operators = ["198.51.100.7/24"]
  }

  expect_failures = [var.operators]
}

run "refuses_operators_by_ipv6" {
  command = plan

  variables {
    operators = ["2001:db8::/32"]
  }

  expect_failures = [var.operators]
}

run "refuses_hooks_without_a_way_in_and_tls_1_3_alone_behind_cloudfront" {
  command = plan

  variables {
    cloudfront                     = true
    test_client_security_group_ids = {}
    ssl_policy                     = "ELBSecurityPolicy-TLS13-1-3-2021-06"
  }

  expect_failures = [var.test_client_security_group_ids, var.ssl_policy]
}

run "accepts_tls_1_3_alone_without_cloudfront" {
  command = plan

  variables {
    ssl_policy = "ELBSecurityPolicy-TLS13-1-3-2021-06"
  }
}
