variable "name" {
  description = "Name of the function, of its role, log group and security group, such as `taproom-staging-database-roles`."
  type        = string

  validation {
    # A role's name may have 64 characters, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    condition     = can(regex("^[a-zA-Z0-9_-]{1,64}$", var.name))
    error_message = "name is \"${var.name}\": set 1 to 64 letters, digits, dashes or underscores."
  }
}

variable "description" {
  description = "What the function is for, in a sentence."
  type        = string
}

variable "package" {
  description = "The function's program: the bucket and key of a zip file with `bootstrap`, and its hash as `codedeploy/hooks/package` prints it (SHA-256, base64)."
  type = object({
    bucket = string
    key    = string
    hash   = string
  })

  validation {
    condition     = can(regex("^[A-Za-z0-9+/]{43}=$", var.package.hash))
    error_message = "package.hash is \"${var.package.hash}\": set what codedeploy/hooks/package prints, a SHA-256 in base64 (44 characters, the last of them =)."
  }
}

variable "architecture" {
  description = "What the program was built for: `x86_64` or `arm64`."
  type        = string
  default     = "x86_64"

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "architecture is \"${var.architecture}\": set x86_64 or arm64, as the program was built."
  }
}

variable "memory" {
  description = "Memory in MiB. Lambda gives processor time by it."
  type        = number
  default     = 256

  validation {
    condition     = var.memory >= 128 && var.memory <= 10240 && floor(var.memory) == var.memory
    error_message = "memory is ${var.memory}: set a whole number of MiB from 128 to 10240."
  }
}

variable "timeout" {
  description = "Seconds after which Lambda ends an invocation."
  type        = number

  validation {
    condition     = var.timeout >= 1 && var.timeout <= 900 && floor(var.timeout) == var.timeout
    error_message = "timeout is ${var.timeout}: set a whole number of seconds from 1 to 900."
  }
}

variable "environment" {
  description = "The program's variables. No secrets: they can be read by whoever may describe the function."
  type        = map(string)
  default     = {}
}

variable "policy" {
  description = "What the program may do in AWS, as the JSON of a policy document. Its log and its place in the VPC are seen to."
  type        = string

  validation {
    condition     = can(jsondecode(var.policy).Statement)
    error_message = "policy is no JSON of a policy document with statements: set the json of an aws_iam_policy_document."
  }
}

variable "vpc" {
  description = "Where the function is: the id of the VPC, and private subnets with a way to AWS's APIs, by NAT or endpoints."
  type = object({
    id         = string
    subnet_ids = list(string)
  })

  validation {
    condition     = length(var.vpc.subnet_ids) >= 2
    error_message = "vpc.subnet_ids has ${length(var.vpc.subnet_ids)} subnets: set one in each of at least two zones, so that the loss of a zone does not stop the function."
  }
}

variable "egress" {
  description = "What the function may reach beside port 443: TCP ports, each of a network (`cidr`) or of a security group (`security_group`)."
  type = list(object({
    port           = number
    cidr           = optional(string)
    security_group = optional(string)
  }))
  default = []

  validation {
    condition     = alltrue([for rule in var.egress : rule.port >= 1 && rule.port <= 65535])
    error_message = "egress has the ports ${join(", ", [for rule in var.egress : rule.port])}: set ports from 1 to 65535."
  }

  validation {
    condition     = alltrue([for rule in var.egress : (rule.cidr == null) != (rule.security_group == null)])
    error_message = "egress has a rule for port ${join(", ", [for rule in var.egress : rule.port if(rule.cidr == null) == (rule.security_group == null)])} with both a cidr and a security_group, or none: set one of them."
  }

  validation {
    condition     = alltrue([for rule in var.egress : rule.cidr == null || can(cidrnetmask(rule.cidr))])
    error_message = "egress has the networks ${join(", ", [for rule in var.egress : coalesce(rule.cidr, "none")])}: set IPv4 networks such as 10.0.0.0/16."
  }
}

variable "reserved_concurrency" {
  description = "Invocations at a time that are reserved for the function, which has no more then; null for what the account has left."
  type        = number
  default     = null

  validation {
    condition     = coalesce(var.reserved_concurrency, 1) >= 1
    error_message = "reserved_concurrency is ${coalesce(var.reserved_concurrency, 0)}: set at least 1, as 0 would stop the function, or null."
  }
}

variable "retries" {
  description = "How often Lambda tries again after an asynchronous invocation has failed, 0 to 2."
  type        = number
  default     = 0

  validation {
    condition     = contains([0, 1, 2], var.retries)
    error_message = "retries is ${var.retries}: set 0, 1 or 2."
  }
}

variable "key" {
  description = "ARN of the KMS key that encrypts the environment; null for Lambda's own."
  type        = string
  default     = null
}

variable "logs_key" {
  description = "ARN of the KMS key that encrypts the log."
  type        = string
}

variable "log_retention_days" {
  description = "Days for which the log is kept, a number that CloudWatch Logs knows."
  type        = number
}

variable "permissions_boundary" {
  description = "ARN of the policy that no role made here exceeds; null for none."
  type        = string
  default     = null
}
