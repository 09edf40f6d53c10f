mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name                = "taproom-test"
  cidr                = "10.20.0.0/16"
  zones               = 3
  nat                 = "per_zone"
  interface_endpoints = ["ecr.api", "logs"]
  open_ports          = [80, 443, 8443]
  logs_key            = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000001"
  log_retention_days  = 30
}

run "cuts_the_network_into_tiers" {
  assert {
    condition = { for key, subnet in aws_subnet.this : key => subnet.cidr_block } == {
      private-eu-west-1a  = "10.20.0.0/19"
      private-eu-west-1b  = "10.20.32.0/19"
      private-eu-west-1c  = "10.20.64.0/19"
      public-eu-west-1a   = "10.20.128.0/21"
      public-eu-west-1b   = "10.20.136.0/21"
      public-eu-west-1c   = "10.20.144.0/21"
      database-eu-west-1a = "10.20.160.0/21"
      database-eu-west-1b = "10.20.168.0/21"
      database-eu-west-1c = "10.20.176.0/21"
    }
    error_message = "the subnets are others"
  }

  assert {
    condition     = !anytrue([for subnet in aws_subnet.this : subnet.map_public_ip_on_launch])
    error_message = "something would get a public address"
  }

  assert {
    condition     = length(output.public_subnet_ids) == 3 && length(output.private_subnet_ids) == 3 && length(output.database_subnet_ids) == 3
    error_message = "a zone lacks a tier"
  }
}

run "each_zone_has_its_own_way_out" {
  assert {
    condition     = { for zone, route in aws_route.private : zone => route.nat_gateway_id == aws_nat_gateway.this[zone].id } == { eu-west-1a = true, eu-west-1b = true, eu-west-1c = true }
    error_message = "a zone depends on another"
  }

  assert {
    condition     = length(output.nat_addresses) == 3
    error_message = "not every NAT gateway's address is told"
  }

  # The table has no route of ours, and no other table is a database subnet's.
  assert {
    condition     = alltrue([for association in aws_route_table_association.database : association.route_table_id == aws_route_table.database.id])
    error_message = "the database has a way out"
  }

  assert {
    condition     = length(aws_vpc_endpoint.s3.route_table_ids) == 3 && !contains(aws_vpc_endpoint.s3.route_table_ids, aws_route_table.database.id)
    error_message = "S3 is not reached from the private tier, or from the database"
  }
}

run "one_way_out_for_all_zones" {
  variables {
    nat = "single"
  }

  assert {
    condition     = keys(aws_nat_gateway.this) == ["eu-west-1a"] && length(output.nat_addresses) == 1
    error_message = "there is not one NAT gateway"
  }

  assert {
    condition     = length(aws_route.private) == 3 && alltrue([for route in aws_route.private : route.nat_gateway_id == aws_nat_gateway.this["eu-west-1a"].id])
    error_message = "a zone has no way out"
  }
}

run "the_database_answers_the_private_tier_only" {
  assert {
    condition     = [for rule in aws_network_acl.this["database"].ingress : "${rule.action} ${rule.protocol} ${rule.cidr_block} ${rule.from_port}-${rule.to_port}"] == ["allow tcp 10.20.0.0/17 5432-5432"]
    error_message = "the database is reached from elsewhere"
  }

  assert {
    condition     = [for rule in aws_network_acl.this["database"].egress : "${rule.action} ${rule.protocol} ${rule.cidr_block} ${rule.from_port}-${rule.to_port}"] == ["allow tcp 10.20.0.0/17 1024-65535"]
    error_message = "the database reaches something, or does not answer"
  }
}

run "the_internet_reaches_open_ports_and_answers_only" {
  assert {
    condition = toset([for rule in aws_network_acl.this["public"].ingress : "${rule.protocol} ${rule.from_port}-${rule.to_port}" if rule.cidr_block == "0.0.0.0/0"]) == toset([
      "tcp 80-80", "tcp 443-443", "tcp 8443-8443", "tcp 1024-65535", "icmp 0-0"
    ])
    error_message = "the public tier takes something else, or too little"
  }

  assert {
    condition     = toset([for rule in aws_network_acl.this["private"].ingress : "${rule.protocol} ${rule.from_port}-${rule.to_port}" if rule.cidr_block == "0.0.0.0/0"]) == toset(["tcp 1024-65535", "icmp 0-0"])
    error_message = "the private tier takes more than answers"
  }

  assert {
    condition     = [for rule in aws_network_acl.this["private"].ingress : "${rule.icmp_type}/${rule.icmp_code}" if rule.protocol == "icmp"] == ["3/4"]
    error_message = "path MTU discovery fails"
  }

  assert {
    condition     = alltrue([for acl in aws_network_acl.this : length(acl.ingress) <= 20 && length(acl.egress) <= 20])
    error_message = "an ACL has more rules than AWS takes"
  }
}

# Whoever may ask has to get the answer: the way there and back, through both tiers' ACLs.
run "tiers_speak_with_each_other" {
  assert {
    condition = alltrue([for way in [
      ["private", "egress", "10.20.160.0/19", 5432],  # a task to the database
      ["private", "ingress", "10.20.160.0/19", 1024], # and back
      ["public", "egress", "10.20.0.0/17", 1023],     # the load balancer to a task, wherever that listens
      ["private", "ingress", "10.20.128.0/19", 1023],
      ["private", "egress", "10.20.128.0/19", 1024],
      ["public", "ingress", "10.20.0.0/17", 65535],
      ["private", "egress", "10.20.0.0/17", 443], # endpoints
      ["private", "ingress", "10.20.0.0/17", 443],
      ["private", "egress", "0.0.0.0/0", 443], # the internet
      ["public", "ingress", "10.20.0.0/17", 443],
      ["public", "egress", "0.0.0.0/0", 443],
      ["public", "ingress", "0.0.0.0/0", 1024],
      ["private", "ingress", "0.0.0.0/0", 1024],
      ["private", "egress", "0.0.0.0/0", 8443], # a hook to the test listener
      ["public", "egress", "0.0.0.0/0", 8443],
      ] : anytrue([for rule in way[1] == "ingress" ? aws_network_acl.this[way[0]].ingress : aws_network_acl.this[way[0]].egress :
        rule.protocol == "tcp" && contains([way[2], "0.0.0.0/0"], rule.cidr_block) && rule.from_port <= way[3] && way[3] <= rule.to_port
    ])])
    error_message = "a packet does not get through, or its answer does not"
  }
}

run "nothing_uses_the_default_security_group" {
  assert {
    condition     = length(aws_default_security_group.this.ingress) == 0 && length(aws_default_security_group.this.egress) == 0
    error_message = "the default security group admits something"
  }
}

run "endpoints_take_the_private_tier" {
  assert {
    condition     = { for key, endpoint in aws_vpc_endpoint.interface : key => endpoint.service_name } == { "ecr.api" = "com.amazonaws.eu-west-1.ecr.api", logs = "com.amazonaws.eu-west-1.logs" }
    error_message = "the endpoints are of other services"
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.endpoints.cidr_ipv4 == "10.20.0.0/17" && aws_vpc_security_group_ingress_rule.endpoints.from_port == 443 && aws_vpc_security_group_ingress_rule.endpoints.to_port == 443
    error_message = "endpoints take others, or other ports"
  }

  assert {
    condition     = { for statement in data.aws_iam_policy_document.s3.statement : statement.sid => [for condition in statement.condition : "${condition.variable} ${one(condition.values)}"] } == { OwnBuckets = ["aws:ResourceAccount 123456789012"], LayersOfImages = [] }
    error_message = "data may go to other accounts' buckets"
  }
}

run "flow_logs_are_kept_and_encrypted" {
  assert {
    condition     = aws_flow_log.this.traffic_type == "ALL" && aws_cloudwatch_log_group.flow.retention_in_days == 30 && aws_cloudwatch_log_group.flow.kms_key_id == var.logs_key
    error_message = "traffic is not logged, or not as it should be"
  }

  assert {
    condition     = toset(one(data.aws_iam_policy_document.flow_trust.statement).condition[*].variable) == toset(["aws:SourceAccount", "aws:SourceArn"])
    error_message = "another account's flow logs could assume the role"
  }
}

run "the_smallest_network" {
  variables {
    cidr  = "192.168.16.0/20"
    zones = 2
  }

  assert {
    condition     = aws_subnet.this["private-eu-west-1b"].cidr_block == "192.168.18.0/23" && aws_subnet.this["public-eu-west-1b"].cidr_block == "192.168.24.128/25"
    error_message = "the subnets are others"
  }
}
