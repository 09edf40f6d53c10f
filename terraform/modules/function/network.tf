resource "aws_security_group" "this" {
  name        = var.name
  description = "The function ${var.name}: takes nothing in"
  vpc_id      = var.vpc.id

  # Lambda gives its network interfaces back up to 20 minutes after the function is gone,
  # https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
  timeouts {
    delete = "45m"
  }

  tags = { Name = var.name }
}

resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.this.id
  description       = "AWS APIs, and what else speaks HTTPS"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_vpc_security_group_egress_rule" "other" {
  # By position: a security group's id is not known when this is planned first.
  for_each = { for position, rule in var.egress : position => rule }

  security_group_id            = aws_security_group.this.id
  description                  = "TCP port ${each.value.port}"
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
  cidr_ipv4                    = each.value.cidr
  referenced_security_group_id = each.value.security_group
}
