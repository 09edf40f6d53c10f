variable "name" {
  description = "Name of the cluster, the service and the task definitions' family, and beginning of all others, such as `taproom-staging`."
  type        = string
}

variable "environment" {
  description = "`TAPROOM_ENVIRONMENT`, the name by which metrics, traces and alarms tell environments apart, such as `staging`."
  type        = string

  validation {
    condition     = can(regex("^[!-~]{1,255}$", var.environment))
    error_message = "environment is \"${var.environment}\", but must be 1 to 255 printable ASCII characters without blanks: it is a dimension of metrics. Set one such as \"staging\"."
  }
}

variable "service" {
  description = "`OTEL_SERVICE_NAME`, the service's name in metrics and traces."
  type        = string

  validation {
    condition     = can(regex("^[!-~]{1,255}$", var.service))
    error_message = "service is \"${var.service}\", but must be 1 to 255 printable ASCII characters without blanks: it is a dimension of metrics. Set one such as \"taproom\"."
  }
}

variable "vpc_id" {
  description = "VPC of the tasks."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets of the tasks. They reach AWS by NAT or endpoints."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "subnet_ids has ${length(var.subnet_ids)} subnets. Give at least two, in different zones, so that a zone can fail."
  }
}

variable "load_balancer_security_group_id" {
  description = "Security group of the load balancer, the only one that may reach the tasks."
  type        = string
}

variable "listener_arns" {
  description = "ARNs of the production and the test listener. The service waits for them: ECS refuses a target group that no listener knows."
  type        = list(string)

  validation {
    condition     = length(var.listener_arns) >= 1
    error_message = "listener_arns is empty. Give the production and the test listener: ECS refuses a target group without a load balancer."
  }
}

variable "target_group_arn" {
  description = "ARN of the blue target group, in which the first tasks are. After that, CodeDeploy decides."
  type        = string
}

variable "container_port" {
  description = "Port of the service's container, as in `codedeploy/taskdef.yaml` and `codedeploy/appspec.yaml`."
  type        = number
  default     = 8080
}

variable "database" {
  description = "The database: its `security_group_id`, `address`, `port`, `name`, `resource_id` (of which IAM names its users), `max_connections` (as in its parameter group), and the PostgreSQL `roles`: who owns the tables, who migrates, and the service's own."
  type = object({
    security_group_id = string
    address           = string
    port              = number
    name              = string
    resource_id       = string
    max_connections   = number
    roles = object({
      owner    = string
      migrator = string
      app      = string
    })
  })
}

variable "image" {
  description = "Image of the first task definition, by digest, in a private ECR repository. Each later one is a release's, and comes by CodeDeploy."
  type        = string

  validation {
    condition     = can(regex("@sha256:[0-9a-f]{64}$", var.image))
    error_message = "image is \"${var.image}\", without a digest: a tag can be moved. Set REPOSITORY@sha256:…, such as the output of `aws ecr describe-images`."
  }

  validation {
    condition     = can(regex(local.private_repository, var.image))
    error_message = "image is \"${var.image}\", but must be in a private ECR repository, ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME@sha256:…: it is the only one that the tasks may pull from. Push it there first."
  }
}

variable "commit" {
  description = "Commit that the first image was built from, as its `/version` says it."
  type        = string

  validation {
    condition     = can(regex("^[0-9a-f]{7,64}$", var.commit))
    error_message = "commit is \"${var.commit}\", but must be the commit's hash, 7 to 64 hexadecimal digits. Set what `git rev-parse` prints for the image."
  }
}

variable "collector_image" {
  description = "Image of the collector beside the service, by digest."
  type        = string

  validation {
    condition     = can(regex("^[^\\s@]+@sha256:[0-9a-f]{64}$", var.collector_image))
    error_message = "collector_image is \"${var.collector_image}\", without a digest: a tag can be moved. Set REPOSITORY@sha256:…."
  }
}

variable "architecture" {
  description = "Processors that the images are for: `X86_64` or `ARM64`."
  type        = string
  default     = "X86_64"

  validation {
    condition     = contains(["X86_64", "ARM64"], var.architecture)
    error_message = "architecture is \"${var.architecture}\". Set X86_64 or ARM64, as the images are."
  }
}

variable "pool_size" {
  description = "Most database connections of one task."
  type        = number
  default     = 10

  validation {
    condition     = var.pool_size >= 1 && var.pool_size <= 1000 && floor(var.pool_size) == var.pool_size
    error_message = "pool_size is ${var.pool_size}. Set a whole number from 1 to 1000, the range of TAPROOM_DATABASE_POOL_SIZE."
  }

  # Both slots run at full scale while CodeDeploy shifts and waits, and nobody could log in to help if they took every connection.
  validation {
    condition     = 2 * var.capacity.max * var.pool_size + local.other_connections <= var.database.max_connections
    error_message = "pool_size is ${var.pool_size}: blue and green at full scale, 2 × ${var.capacity.max} tasks, would take ${2 * var.capacity.max * var.pool_size} connections, and ${local.other_connections} are kept for others, but database.max_connections is ${var.database.max_connections}. Set a pool_size of ${max(0, floor((var.database.max_connections - local.other_connections) / (2 * var.capacity.max)))} at most, fewer tasks (capacity.max), or more connections."
  }
}

variable "trusted_proxies" {
  description = "Networks of the load balancer, CIDRs, from which `X-Forwarded-For` is believed."
  type        = list(string)

  validation {
    condition     = length(var.trusted_proxies) > 0 && alltrue([for network in var.trusted_proxies : can(cidrhost(network, 0)) && !endswith(network, "/0")])
    error_message = "trusted_proxies is ${jsonencode(var.trusted_proxies)}, but must be CIDRs, at least one, and not everybody's. Set the load balancer's subnets, such as \"10.0.0.0/24\"."
  }
}

variable "settings" {
  description = "What the service is told if its own default does not fit; the values of `codedeploy/README.md` that may be null: `rate_limit` in points a minute, `cors_origins`, `jwt` (`jwks_url` by https), `log`, `metric_operations`, `trace_ratio` from 0 to 1."
  type = object({
    rate_limit   = optional(number)
    cors_origins = optional(list(string), [])
    jwt = optional(object({
      issuer   = string
      audience = string
      jwks_url = string
    }))
    log               = optional(string)
    metric_operations = optional(list(string), [])
    trace_ratio       = optional(number)
  })
  default = {}

  validation {
    condition     = var.settings.rate_limit == null ? true : var.settings.rate_limit >= 0 && floor(var.settings.rate_limit) == var.settings.rate_limit
    error_message = "settings.rate_limit is ${jsonencode(var.settings.rate_limit)}. Set a whole number of points a minute, 0 for no limit."
  }

  validation {
    condition     = var.settings.trace_ratio == null ? true : var.settings.trace_ratio >= 0 && var.settings.trace_ratio <= 1
    error_message = "settings.trace_ratio is ${jsonencode(var.settings.trace_ratio)}. Set a share from 0 to 1, such as 0.05 for a twentieth of the requests."
  }

  validation {
    condition     = var.settings.jwt == null ? true : can(regex("^https://[^/:@\\s]+(:443)?(/\\S*)?$", var.settings.jwt.jwks_url))
    error_message = "settings.jwt is ${jsonencode(var.settings.jwt)}. Set an https URL as jwks_url, on port 443: the tasks' security group lets nothing else out."
  }
}

variable "log_group" {
  description = "Log group of both containers: `name` and `arn`."
  type        = object({ name = string, arn = string })
}

variable "metrics_log_group" {
  description = "Log group that CloudWatch makes metrics of: `name` and `arn`."
  type        = object({ name = string, arn = string })
}

variable "logs_key" {
  description = "ARN of the KMS key of log groups."
  type        = string
}

variable "log_retention_days" {
  description = "Days that log lines are kept."
  type        = number
}

variable "permissions_boundary" {
  description = "ARN of the policy that no role made here exceeds; null for none."
  type        = string
  default     = null
}
