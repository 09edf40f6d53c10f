# Network ACLs: which tier may speak with which, whatever the security groups in it say. They are stateless, so whoever may ask has to be
# admitted again with the answer, at a port of the asker's choice. NAT gateways and load balancers choose from 1024 to 65535:
# https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports
# DNS, NTP and the task's credentials come from addresses that ACLs do not see.
locals {
  anywhere = "0.0.0.0/0"
  tcp = {
    all      = { protocol = "tcp", from = 0, to = 65535 }
    answers  = { protocol = "tcp", from = 1024, to = 65535 }
    postgres = { protocol = "tcp", from = 5432, to = 5432 }
  }
  open = [for port in var.open_ports : { protocol = "tcp", from = port, to = port }]
  # HTTPS to anybody; and hooks ask the load balancer by its public addresses.
  outward = [for port in distinct(concat([443], var.open_ports)) : { protocol = "tcp", from = port, to = port }]
  # "Fragmentation needed", without which packets that are too large get lost unheard:
  # https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#path-mtu-discovery
  too_large = { protocol = "icmp", from = 0, to = 0 }

  acls = {
    public = {
      ingress = concat([for port in local.open : { cidr = local.anywhere, what = port }], [
        { cidr = local.anywhere, what = local.tcp.answers },
        { cidr = local.anywhere, what = local.too_large },
        { cidr = local.tiers.private, what = local.tcp.all }, # to the NAT gateway
      ])
      egress = concat([for port in local.outward : { cidr = local.anywhere, what = port }], [
        { cidr = local.anywhere, what = local.tcp.answers },
        { cidr = local.tiers.private, what = local.tcp.all }, # from the load balancer
      ])
    }

    private = {
      ingress = concat([
        { cidr = local.anywhere, what = local.tcp.answers }, # through the NAT gateway, and the database's
        { cidr = local.anywhere, what = local.too_large },
        { cidr = local.tiers.public, what = local.tcp.all },
        { cidr = local.tiers.private, what = local.tcp.all }, # endpoints and an internal load balancer, in other zones
      ], [for port in var.private_open_ports : { cidr = local.anywhere, what = { protocol = "tcp", from = port, to = port } }])
      egress = concat([for port in local.outward : { cidr = local.anywhere, what = port }], [
        { cidr = local.tiers.public, what = local.tcp.answers },
        { cidr = local.tiers.private, what = local.tcp.all },
        { cidr = local.tiers.database, what = local.tcp.postgres },
      ], length(var.private_open_ports) == 0 ? [] : [{ cidr = local.anywhere, what = local.tcp.answers }])
    }

    database = {
      ingress = [{ cidr = local.tiers.private, what = local.tcp.postgres }]
      egress  = [{ cidr = local.tiers.private, what = local.tcp.answers }]
    }
  }
}

resource "aws_network_acl" "this" {
  #checkov:skip=CKV_AWS_231:3389 is among the ports at which NAT gateways take answers; nothing listens there, and no security group admits it
  #checkov:skip=CKV2_AWS_1:Each is its tier's subnets', which checkov does not see through for_each
  for_each = local.acls

  vpc_id     = aws_vpc.this.id
  subnet_ids = local.subnets[each.key]

  dynamic "ingress" {
    for_each = each.value.ingress

    content {
      rule_no    = 100 + 10 * ingress.key
      action     = "allow"
      protocol   = ingress.value.what.protocol
      cidr_block = ingress.value.cidr
      from_port  = ingress.value.what.from
      to_port    = ingress.value.what.to
      icmp_type  = ingress.value.what.protocol == "icmp" ? 3 : 0
      icmp_code  = ingress.value.what.protocol == "icmp" ? 4 : 0
    }
  }

  dynamic "egress" {
    for_each = each.value.egress

    content {
      rule_no    = 100 + 10 * egress.key
      action     = "allow"
      protocol   = egress.value.what.protocol
      cidr_block = egress.value.cidr
      from_port  = egress.value.what.from
      to_port    = egress.value.what.to
    }
  }

  tags = { Name = "${var.name}-${each.key}" }
}
