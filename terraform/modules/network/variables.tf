variable "name" {
  description = "Beginning of all names, such as `taproom-staging`."
  type        = string
}

variable "cidr" {
  description = "Private IPv4 addresses (RFC 1918) of the VPC, from /16 to /20, such as `10.20.0.0/16`. They should not overlap with networks that it may be joined with."
  type        = string

  validation {
    condition     = can(cidrhost(var.cidr, 0)) ? cidrsubnet(var.cidr, 0, 0) == var.cidr : false
    error_message = "cidr is \"${var.cidr}\", which is no IPv4 network; set its first address and its length, such as 10.20.0.0/16."
  }

  validation {
    condition     = can(regex("^(10\\.|172\\.(1[6-9]|2[0-9]|3[01])\\.|192\\.168\\.)", var.cidr))
    error_message = "cidr is \"${var.cidr}\", which is not private; set a part of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, such as 10.20.0.0/16."
  }

  validation {
    condition     = can(regex("/(1[6-9]|20)$", var.cidr))
    error_message = "cidr is \"${var.cidr}\"; set a network from /16, which is as large as a VPC can be, to /20, below which the tiers are too small to scale."
  }
}

variable "zones" {
  description = "Number of availability zones, 2 or 3."
  type        = number

  validation {
    condition     = contains([2, 3], var.zones)
    error_message = "zones is ${var.zones}; set 2 or 3: a load balancer and a database that fails over need two at least."
  }
}

variable "nat" {
  description = "`per_zone`: a NAT gateway in each zone, so that no zone depends on another. `single`: one for all, for a fraction of the cost."
  type        = string

  validation {
    condition     = contains(["per_zone", "single"], var.nat)
    error_message = "nat is \"${var.nat}\"; set \"per_zone\", or \"single\" where an outage of one zone may cut off all."
  }
}

variable "interface_endpoints" {
  description = "AWS services to be reached without NAT, by what follows the region in the endpoint's name, such as `ecr.api`, `ecr.dkr`, `logs`. Each costs by the hour and zone."
  type        = set(string)

  validation {
    condition     = alltrue([for service in var.interface_endpoints : can(regex("^[a-z0-9][a-z0-9.-]*$", service)) && !startswith(service, "com.amazonaws.")])
    error_message = "interface_endpoints is ${jsonencode(var.interface_endpoints)}; set what follows the region in an endpoint's name: \"logs\" for com.amazonaws.eu-west-1.logs."
  }

  validation {
    condition     = !contains(var.interface_endpoints, "s3")
    error_message = "interface_endpoints has \"s3\"; leave it out: S3 is always reached through a gateway, which is free."
  }
}

variable "open_ports" {
  description = "TCP ports at which the public subnets take the internet, such as 80 and 443: the load balancer's. Its security group says from where."
  type        = list(number)

  validation {
    condition     = length(var.open_ports) >= 1 && length(var.open_ports) <= 10 && length(distinct(var.open_ports)) == length(var.open_ports)
    error_message = "open_ports is ${jsonencode(var.open_ports)}; set 1 to 10 different ports, for a network ACL has 20 rules at most each way."
  }

  validation {
    condition     = alltrue([for port in var.open_ports : port >= 1 && port <= 65535 && floor(port) == port && !contains([20, 21, 22, 3389, 5432], port)])
    error_message = "open_ports is ${jsonencode(var.open_ports)}; set ports from 1 to 65535 that a load balancer listens at, and not those of FTP, SSH, RDP or PostgreSQL."
  }
}

variable "private_open_ports" {
  description = "TCP ports at which the private subnets take any address: those of a load balancer behind CloudFront, which comes to a VPC origin by its own addresses. No route leads there from the internet."
  type        = list(number)
  default     = []
}

variable "logs_key" {
  description = "ARN of the KMS key that flow logs are encrypted with; CloudWatch Logs has to be admitted to it."
  type        = string
}

variable "log_retention_days" {
  description = "Days for which flow logs are kept, one of the numbers that CloudWatch Logs takes."
  type        = number
}

variable "permissions_boundary" {
  description = "ARN of the policy that no role made here exceeds; null for none."
  type        = string
  default     = null
}
