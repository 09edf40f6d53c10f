locals {
  # The VPC in slices, so that each tier is one block, whatever the number of zones (up to four):
  # private the first half, public and database an eighth each. A quarter is left for what comes.
  tiers = {
    private  = cidrsubnet(var.cidr, 1, 0)
    public   = cidrsubnet(var.cidr, 3, 4)
    database = cidrsubnet(var.cidr, 3, 5)
  }

  zones = slice(data.aws_availability_zones.here.names, 0, var.zones)
  # Where NAT gateways are.
  nat_zones = var.nat == "single" ? slice(local.zones, 0, 1) : local.zones
}

data "aws_availability_zones" "here" {
  #checkov:skip=CKV_AWS_394:The first ones by name are taken, and a zone that is added comes last
  state = "available"

  # Local and Wavelength Zones have neither NAT gateways nor RDS.
  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }

  lifecycle {
    postcondition {
      condition     = length(self.names) >= var.zones
      error_message = "zones is ${var.zones}, but the region gives this account ${length(self.names)}: set that many, or another region."
    }
  }
}

resource "aws_vpc" "this" {
  cidr_block           = var.cidr
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = { Name = var.name }
}

# What forgets to name a security group shall reach nothing, and be reached by nothing.
resource "aws_default_security_group" "this" {
  vpc_id = aws_vpc.this.id

  tags = { Name = "${var.name}-default-unused" }
}

resource "aws_subnet" "this" {
  for_each = { for pair in setproduct(keys(local.tiers), local.zones) : "${pair[0]}-${pair[1]}" => { tier = pair[0], zone = pair[1] } }

  vpc_id            = aws_vpc.this.id
  availability_zone = each.value.zone
  cidr_block        = cidrsubnet(local.tiers[each.value.tier], 2, index(local.zones, each.value.zone))

  # The load balancer and the NAT gateways bring their own public addresses.
  map_public_ip_on_launch = false

  tags = { Name = "${var.name}-${each.key}" }
}

locals {
  subnets = { for tier in keys(local.tiers) : tier => [for zone in local.zones : aws_subnet.this["${tier}-${zone}"].id] }
}
