variable "name" {
  description = "Name of the web ACL, and the end of its log group's: `aws-waf-logs-NAME`."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,22}[a-z0-9]$", var.name))
    error_message = "name is \"${var.name}\"; set 2 to 24 lower case letters, digits and dashes, such as taproom-staging."
  }
}

variable "scope" {
  description = "`REGIONAL` for a load balancer; `CLOUDFRONT` for a distribution, whose web ACLs are all in us-east-1: the provider has to be for there."
  type        = string

  validation {
    condition     = contains(["REGIONAL", "CLOUDFRONT"], var.scope)
    error_message = "scope is \"${var.scope}\"; set REGIONAL or CLOUDFRONT."
  }
}

variable "requests_per_five_minutes" {
  description = "Requests that one address may send in five minutes. Whoever sends more is answered with 429 until it is fewer."
  type        = number

  # A release's own: two hooks of about 250 requests each and 90 a minute of the prober, which share the address of a NAT gateway.
  validation {
    condition     = var.requests_per_five_minutes >= 2000 && var.requests_per_five_minutes <= 2000000000 && floor(var.requests_per_five_minutes) == var.requests_per_five_minutes
    error_message = "requests_per_five_minutes is ${var.requests_per_five_minutes}; set a whole number of at least 2000: a release's hooks and prober send about 1,000 from one address (codedeploy/hooks/README.md)."
  }
}

variable "logs_key" {
  description = "ARN of the KMS key of the log group, in the web ACL's region."
  type        = string
}

variable "log_retention_days" {
  description = "Days that the log is kept: one of the numbers that CloudWatch Logs takes."
  type        = number

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days is ${var.log_retention_days}; set a number that CloudWatch Logs takes: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."
  }
}
