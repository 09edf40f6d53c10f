variable "name" {
  description = "The beginning of every name, such as `taproom-staging`."
  type        = string

  # A target group's name has 32 characters at most, and the slot is added.
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,22}[a-z0-9]$", var.name))
    error_message = "name is \"${var.name}\"; set 2 to 24 lower case letters, digits and dashes, such as taproom-staging."
  }
}

variable "vpc_id" {
  description = "The VPC. Behind CloudFront it needs an internet gateway, though nothing is routed through it."
  type        = string
}

variable "public_subnet_ids" {
  description = "Subnets of the load balancer without CloudFront: two at least, in different zones."
  type        = list(string)

  validation {
    condition     = length(var.public_subnet_ids) >= 2
    error_message = "public_subnet_ids has ${length(var.public_subnet_ids)} subnets; set two at least, in different zones: a load balancer takes no less."
  }
}

variable "private_subnet_ids" {
  description = "Subnets of the load balancer behind CloudFront: two at least, in different zones."
  type        = list(string)

  validation {
    condition     = length(var.private_subnet_ids) >= 2
    error_message = "private_subnet_ids has ${length(var.private_subnet_ids)} subnets; set two at least, in different zones: a load balancer takes no less."
  }
}

variable "host" {
  description = "Name that users know, such as `api.example.com`. There is `origin.HOST`, too: the load balancer itself."
  type        = string

  # 57, since a certificate's first name has 64 characters at most: https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html
  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,}$", var.host)) && length(var.host) <= 57
    error_message = "host is \"${var.host}\"; set a domain name in lower case of at most 57 characters, such as api.example.com: no scheme, no port, no dot at the end."
  }
}

variable "zone_id" {
  description = "Id of the Route 53 zone that `host` is in."
  type        = string
}

variable "container_port" {
  description = "Port on which the tasks listen."
  type        = number
  default     = 8080

  validation {
    condition     = var.container_port >= 1 && var.container_port <= 65535 && floor(var.container_port) == var.container_port
    error_message = "container_port is ${var.container_port}; set a port, 1 to 65535."
  }
}

variable "test_port" {
  description = "Port of the listener on which a candidate is judged before users come."
  type        = number
  default     = 8443

  validation {
    condition     = var.test_port >= 1024 && var.test_port <= 65535 && floor(var.test_port) == var.test_port
    error_message = "test_port is ${var.test_port}; set a port of 1024 to 65535: 443 and 80 are the users'."
  }
}

variable "nat_addresses" {
  description = "Public IPv4 addresses of the NAT gateways, from which the hooks come to the test listener without CloudFront. Their number has to be known when planning."
  type        = list(string)

  validation {
    condition     = var.cloudfront || length(var.nat_addresses) > 0
    error_message = "nat_addresses is empty; set the addresses of the NAT gateways: without them no hook reaches the test listener, and every release fails."
  }

  validation {
    condition     = alltrue([for address in var.nat_addresses : can(cidrhost("${address}/32", 0))])
    error_message = "nat_addresses is ${jsonencode(var.nat_addresses)}; set IPv4 addresses without a length, such as 203.0.113.7."
  }
}

variable "test_client_security_group_ids" {
  description = "Security groups that may reach the test listener behind CloudFront, the hooks', each by a name that is known when planning."
  type        = map(string)
  default     = {}

  validation {
    condition     = !var.cloudfront || length(var.test_client_security_group_ids) > 0
    error_message = "test_client_security_group_ids is empty; set the security groups of the hooks: without them no hook reaches the test listener, and every release fails."
  }
}

variable "operators" {
  description = "IPv4 networks that may reach the test listener besides the hooks, each as its first address and length. Without CloudFront only: behind it, nobody but hooks and prober."
  type        = list(string)
  default     = []

  # AWS cuts other addresses down to the network's first, and every plan would differ.
  validation {
    condition     = alltrue([for network in var.operators : can(cidrnetmask(network)) ? cidrhost(network, 0) == split("/", network)[0] : false])
    error_message = "operators is ${jsonencode(var.operators)}; set IPv4 networks by their first address, such as 203.0.113.0/24 or 203.0.113.7/32."
  }

  validation {
    condition     = alltrue([for network in var.operators : can(regex("/(1[6-9]|2[0-9]|3[0-2])$", network))])
    error_message = "operators is ${jsonencode(var.operators)}; set networks of /16 to /32: the test listener is not for everybody."
  }
}

variable "cloudfront" {
  description = "Whether CloudFront stands in front. The load balancer is internal then."
  type        = bool
}

variable "ssl_policy" {
  description = "Policy of the load balancer's TLS: 1.2 at least, and forward secrecy."
  type        = string
  default     = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"

  # Those named Ext have weaker ciphers: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
  validation {
    condition     = can(regex("^ELBSecurityPolicy-TLS13-1-[23]-(Res-)?(FIPS-)?(PQ-)?20[0-9]{2}-[0-9]{2}$", var.ssl_policy))
    error_message = "ssl_policy is \"${var.ssl_policy}\"; set one of TLS 1.2 or 1.3, such as ELBSecurityPolicy-TLS13-1-2-Res-2021-06, and none with Ext1 or Ext2."
  }

  validation {
    condition     = !var.cloudfront || !startswith(var.ssl_policy, "ELBSecurityPolicy-TLS13-1-3-")
    error_message = "ssl_policy is \"${var.ssl_policy}\"; behind CloudFront set one that takes TLS 1.2, such as ELBSecurityPolicy-TLS13-1-2-Res-2021-06: a VPC origin can be told to speak nothing newer."
  }
}

variable "waf" {
  description = "The firewall: how many requests one address may send in five minutes, 2,000 at least."
  type        = object({ requests_per_five_minutes = number })
}

variable "idle_timeout" {
  description = "Seconds after which the load balancer closes a connection on which nothing happens. Less than the service's `TAPROOM_IDLE_TIMEOUT`, which is 75 s."
  type        = number
  default     = 60

  # Were the service's shorter, it would close while a request is on its way: a 502.
  validation {
    condition     = var.idle_timeout >= 20 && var.idle_timeout <= 70 && floor(var.idle_timeout) == var.idle_timeout
    error_message = "idle_timeout is ${var.idle_timeout}; set 20 to 70 seconds: longer than an operation may take (15), shorter than the service keeps idle connections (TAPROOM_IDLE_TIMEOUT, 75)."
  }
}

variable "deregistration_delay" {
  description = "Seconds that a task has for the requests it has when it gets no more."
  type        = number
  default     = 30

  validation {
    condition     = var.deregistration_delay >= 20 && var.deregistration_delay <= 3600 && floor(var.deregistration_delay) == var.deregistration_delay
    error_message = "deregistration_delay is ${var.deregistration_delay}; set 20 to 3600 seconds: longer than an operation may take (15)."
  }
}

variable "deletion_protection" {
  description = "Whether the load balancer refuses to be deleted."
  type        = bool
}

variable "logs_bucket" {
  description = "Bucket of the access logs. Its policy has to let load balancers write below `load-balancer/` and `load-balancer-connections/`, its ACL CloudFront below `cloudfront/`."
  type        = object({ id = string, regional_domain_name = string })
}

variable "logs_key" {
  description = "ARN of the KMS key of the firewall's log without CloudFront. Behind CloudFront that log is in us-east-1, and has a key of its own."
  type        = string
}

variable "log_retention_days" {
  description = "Days that the firewall's log is kept: one of the numbers that CloudWatch Logs takes."
  type        = number
}
