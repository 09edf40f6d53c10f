variable "name" {
  description = "Name of the application and the deployment group, and beginning of all others, such as `taproom-staging`."
  type        = string
}

variable "cluster_name" {
  description = "Name of the ECS cluster."
  type        = string
}

variable "service_name" {
  description = "Name of the ECS service, which has to exist and to have the controller CODE_DEPLOY."
  type        = string
}

variable "listeners" {
  description = "ARNs of the listeners that CodeDeploy turns: `production` for users, `test` for the hooks and the prober."
  type        = object({ production = string, test = string })
}

variable "target_groups" {
  description = "Names of the target groups `blue` and `green`."
  type        = object({ blue = string, green = string })

  validation {
    condition     = var.target_groups.blue != var.target_groups.green
    error_message = "target_groups are both \"${var.target_groups.blue}\". Give two: one has the users, the other the candidate."
  }
}

variable "pass_role_arns" {
  description = "Roles of the tasks, the execution role and the task role, which CodeDeploy may hand to ECS."
  type        = list(string)

  validation {
    condition     = length(var.pass_role_arns) > 0 && alltrue([for arn in var.pass_role_arns : can(regex("^arn:[^*]+$", arn))])
    error_message = "pass_role_arns is ${jsonencode(var.pass_role_arns)}. Give the ARNs of the tasks' roles, without wildcards."
  }
}

variable "alarms" {
  description = "Names of the alarms that stop a deployment and take it back, unless it names its own: those of both slots and the shared ones."
  type        = list(string)

  validation {
    condition     = length(var.alarms) > 0
    error_message = "alarms is empty: nothing would judge the candidate while traffic is shifted. Give the names of the gate's alarms."
  }

  validation {
    condition     = length(distinct(var.alarms)) <= 10
    error_message = "alarms has ${length(distinct(var.alarms))} names, but CodeDeploy takes 10. Leave some out by `default: false` in dashboards/gate.yaml."
  }
}

variable "detection_seconds" {
  description = "Seconds from a fault until CodeDeploy has seen the slowest of the alarms."
  type        = number

  validation {
    condition     = var.detection_seconds > 0
    error_message = "detection_seconds is ${var.detection_seconds}. Set how long the slowest alarm of the gate takes, as the observability module computes it."
  }
}

variable "strategy" {
  description = "How traffic is shifted, if a deployment does not say: `canary`, `linear` or `all_at_once`."
  type        = string
  default     = "canary"

  validation {
    condition     = contains(["canary", "linear", "all_at_once"], var.strategy)
    error_message = "strategy is \"${var.strategy}\". Set canary, linear or all_at_once."
  }
}

variable "canary" {
  description = "The canary: this `percentage` of the traffic first, and the rest after `interval_minutes`, in which the alarms judge."
  type        = object({ percentage = number, interval_minutes = number })

  validation {
    condition     = var.canary.percentage >= 1 && var.canary.percentage <= 99 && floor(var.canary.percentage) == var.canary.percentage
    error_message = "canary.percentage is ${var.canary.percentage}. Set a whole number from 1 to 99, such as 10."
  }

  validation {
    condition     = var.canary.interval_minutes >= 1 && floor(var.canary.interval_minutes) == var.canary.interval_minutes && var.canary.interval_minutes + var.termination_wait_minutes <= 2880
    error_message = "canary.interval_minutes is ${var.canary.interval_minutes}. Set whole minutes, at least 1, and together with termination_wait_minutes (${var.termination_wait_minutes}) no more than two days."
  }

  validation {
    condition     = var.detection_seconds <= var.canary.interval_minutes * 60
    error_message = "canary.interval_minutes is ${var.canary.interval_minutes}, but the slowest alarm needs ${var.detection_seconds} s: a fault would be with all users before it is seen. Set ${ceil(var.detection_seconds / 60)} minutes at least, or make the alarms of dashboards/gate.yaml faster."
  }
}

variable "linear" {
  description = "The linear shift: this `percentage` of the traffic every `interval_minutes`."
  type        = object({ percentage = number, interval_minutes = number })
  default     = { percentage = 10, interval_minutes = 3 }

  validation {
    condition     = var.linear.percentage >= 1 && var.linear.percentage <= 50 && floor(var.linear.percentage) == var.linear.percentage
    error_message = "linear.percentage is ${var.linear.percentage}. Set a whole number from 1 to 50, such as 10."
  }

  validation {
    condition     = var.linear.interval_minutes >= 1 && floor(var.linear.interval_minutes) == var.linear.interval_minutes && (ceil(100 / var.linear.percentage) - 1) * var.linear.interval_minutes + var.termination_wait_minutes <= 2880
    error_message = "linear.interval_minutes is ${var.linear.interval_minutes}. Set whole minutes, at least 1, and so few that all steps and termination_wait_minutes (${var.termination_wait_minutes}) take no more than two days."
  }

  validation {
    condition     = var.detection_seconds <= (ceil(100 / var.linear.percentage) - 1) * var.linear.interval_minutes * 60
    error_message = "linear shifts ${var.linear.percentage} % every ${var.linear.interval_minutes} minutes, all within ${(ceil(100 / var.linear.percentage) - 1) * var.linear.interval_minutes} minutes, but the slowest alarm needs ${var.detection_seconds} s. Set smaller steps or a longer interval."
  }
}

variable "termination_wait_minutes" {
  description = "Minutes for which the old tasks are kept once all traffic is with the new ones. Alarms still take the deployment back, at once."
  type        = number
  default     = 15

  validation {
    condition     = var.termination_wait_minutes * 60 >= var.detection_seconds && var.termination_wait_minutes <= 2880 && floor(var.termination_wait_minutes) == var.termination_wait_minutes
    error_message = "termination_wait_minutes is ${var.termination_wait_minutes}. Set whole minutes, from ${ceil(var.detection_seconds / 60)}, so that an alarm (${var.detection_seconds} s) still finds the old tasks when all users are with the new ones, to 2880."
  }
}

variable "hooks" {
  description = "The functions that judge a release: their `package` (bucket, key and hash of the zip file, for the processors of `architecture`), `test_url` and `production_url` (https, without a path) where they find candidate and users, `metrics_log_group`, `vpc` (id and private subnets), `test_port` and `test_network` (CIDR), where the functions may go for the test listener, `schema_check` (compare schemas with the key in the secret, once it is there), and `settings`, variables of `codedeploy/hooks/README.md` that tune them."
  type = object({
    package           = object({ bucket = string, key = string, hash = string })
    architecture      = optional(string, "x86_64")
    test_url          = string
    production_url    = string
    metrics_log_group = object({ name = string, arn = string })
    vpc               = object({ id = string, subnet_ids = list(string) })
    test_port         = optional(number, 8443)
    test_network      = optional(string, "0.0.0.0/0")
    schema_check      = bool
    settings          = optional(map(string), {})
  })

  validation {
    condition     = alltrue([for url in [var.hooks.test_url, var.hooks.production_url] : can(regex("^https://[^/:@\\s]+(:[0-9]+)?$", url))])
    error_message = "hooks has the URLs ${var.hooks.test_url} and ${var.hooks.production_url}. Set https://HOST or https://HOST:PORT, without a path."
  }

  validation {
    condition     = endswith(var.hooks.test_url, ":${var.hooks.test_port}")
    error_message = "hooks.test_url is ${var.hooks.test_url}, but test_port is ${var.hooks.test_port}, and the functions reach no other. Set the test listener's for both."
  }

  validation {
    condition     = can(cidrnetmask(var.hooks.test_network))
    error_message = "hooks.test_network is \"${var.hooks.test_network}\". Set the CIDR of the test listener's addresses, such as the VPC's, or leave it out for the internet's."
  }

  validation {
    condition = alltrue([for name in keys(var.hooks.settings) : contains([
      "REQUEST_TIMEOUT_MS", "VERSION_ANSWERS", "VERSION_TIMEOUT_SECONDS", "LATENCY_RATIO", "LATENCY_SLACK_MS", "LATENCY_ROUNDS", "TELEMETRY_TIMEOUT_SECONDS", "PROBE_RATE",
    ], name)])
    error_message = "hooks.settings has ${join(", ", keys(var.hooks.settings))}. Set only those variables of codedeploy/hooks/README.md that have a default."
  }
}

variable "data_key" {
  description = "ARN of the KMS key for the secret and the functions' variables."
  type        = string
}

variable "logs_key" {
  description = "ARN of the KMS key for logs."
  type        = string
}

variable "log_retention_days" {
  description = "Days for which the functions' logs are kept."
  type        = number
}

variable "permissions_boundary" {
  description = "ARN of the policy that no role made here exceeds; null for none."
  type        = string
  default     = null
}
