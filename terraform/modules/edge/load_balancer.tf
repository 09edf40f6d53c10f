resource "aws_lb" "this" {
  name               = var.name
  load_balancer_type = "application"
  internal           = var.cloudfront
  subnets            = var.cloudfront ? var.private_subnet_ids : var.public_subnet_ids
  security_groups    = [aws_security_group.load_balancer.id]

  idle_timeout               = var.idle_timeout
  enable_deletion_protection = var.deletion_protection

  drop_invalid_header_fields = true
  # "strictest" would also refuse what harms nobody, and some HTTP clients send, such as a GET with a length of 0.
  # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#desync-mitigation-mode
  desync_mitigation_mode = "defensive"

  access_logs {
    enabled = true
    bucket  = var.logs_bucket.id
    prefix  = "load-balancer"
  }

  # Handshakes that failed are only here.
  connection_logs {
    enabled = true
    bucket  = var.logs_bucket.id
    prefix  = "load-balancer-connections"
  }
}

resource "aws_security_group" "load_balancer" {
  name        = "${var.name}-load-balancer"
  description = "Load balancer of ${var.name}"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-load-balancer" }
}

resource "aws_vpc_security_group_ingress_rule" "users" {
  count = var.cloudfront ? 0 : 1

  security_group_id = aws_security_group.load_balancer.id
  description       = "Users"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_vpc_security_group_ingress_rule" "redirected_users" {
  #checkov:skip=CKV_AWS_260:Port 80 only redirects to 443
  count = var.cloudfront ? 0 : 1

  security_group_id = aws_security_group.load_balancer.id
  description       = "Users who are redirected to HTTPS"
  ip_protocol       = "tcp"
  from_port         = 80
  to_port           = 80
  cidr_ipv4         = "0.0.0.0/0"
}

# CloudFront reaches an internal load balancer only through a VPC origin, which is for this account's distributions alone.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html
# The list counts as 55 of the 60 rules that a security group may have: .../LocationsOfEdgeServers.html
data "aws_ec2_managed_prefix_list" "cloudfront" {
  count = var.cloudfront ? 1 : 0

  name = "com.amazonaws.global.cloudfront.origin-facing"
}

resource "aws_vpc_security_group_ingress_rule" "cloudfront" {
  count = var.cloudfront ? 1 : 0

  security_group_id = aws_security_group.load_balancer.id
  description       = "CloudFront"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  prefix_list_id    = data.aws_ec2_managed_prefix_list.cloudfront[0].id
}

# Keyed by position: the addresses are only known once there are gateways.
resource "aws_vpc_security_group_ingress_rule" "hooks_through_nat" {
  for_each = { for index, address in var.nat_addresses : index => address if !var.cloudfront }

  security_group_id = aws_security_group.load_balancer.id
  description       = "Hooks, through NAT"
  ip_protocol       = "tcp"
  from_port         = var.test_port
  to_port           = var.test_port
  cidr_ipv4         = "${each.value}/32"
}

resource "aws_vpc_security_group_ingress_rule" "hooks" {
  for_each = { for name, group in var.test_client_security_group_ids : name => group if var.cloudfront }

  security_group_id            = aws_security_group.load_balancer.id
  description                  = "Hooks: ${each.key}"
  ip_protocol                  = "tcp"
  from_port                    = var.test_port
  to_port                      = var.test_port
  referenced_security_group_id = each.value
}

# Behind CloudFront the load balancer has private addresses only.
resource "aws_vpc_security_group_ingress_rule" "operators" {
  for_each = var.cloudfront ? [] : toset(var.operators)

  security_group_id = aws_security_group.load_balancer.id
  description       = "Operators"
  ip_protocol       = "tcp"
  from_port         = var.test_port
  to_port           = var.test_port
  cidr_ipv4         = each.value
}
