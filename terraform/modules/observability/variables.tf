variable "name" {
  description = "Prefix of all names in AWS: `<service>-<environment>`, such as `taproom-staging`. Pipelines and runbooks find alarms by it."
  type        = string

  validation {
    condition     = var.name == "${var.service}-${var.environment}"
    error_message = "name is ${var.name}, while alarms are called <service>-<environment>-…: set it to ${var.service}-${var.environment}."
  }
}

variable "environment" {
  description = "Name of the environment, as tasks tell it in `deployment.environment.name`."
  type        = string
}

variable "service" {
  description = "Name of the service, as tasks tell it in `service.name`."
  type        = string
}

variable "cluster" {
  description = "Name of the ECS cluster."
  type        = string
}

variable "ecs_service" {
  description = "Name of the ECS service."
  type        = string
}

variable "load_balancer" {
  description = "The load balancer, by the end of its ARN: `app/…`."
  type        = string

  validation {
    condition     = startswith(var.load_balancer, "app/")
    error_message = "load_balancer is ${var.load_balancer}: set it to the end of the ARN (arn_suffix), which begins with app/."
  }
}

variable "target_groups" {
  description = "Target groups of the two slots, by the end of their ARNs: `targetgroup/…`."
  type        = object({ blue = string, green = string })

  validation {
    condition     = alltrue([for suffix in values(var.target_groups) : startswith(suffix, "targetgroup/")])
    error_message = "target_groups are ${join(" and ", values(var.target_groups))}: set the ends of their ARNs (arn_suffix), which begin with targetgroup/."
  }
}

variable "database" {
  description = "Identifier of the RDS instance."
  type        = string
}

variable "functions" {
  description = "Names of the Lambda functions whose errors are told, by what they are, such as `prober`."
  type        = map(string)
  default     = {}
}

variable "runbooks" {
  description = "URL of docs/runbooks, where whoever is called can read it, without a slash at its end."
  type        = string

  validation {
    condition     = can(regex("^https://.*[^/]$", var.runbooks))
    error_message = "runbooks is ${var.runbooks}: set a URL that begins with https:// and does not end with a slash."
  }
}

variable "logs_key" {
  description = "ARN of the KMS key of log groups and topics. It has to admit CloudWatch Logs of this region, and CloudWatch's alarms."
  type        = string
}

variable "log_retention_days" {
  description = "Days that log lines are kept."
  type        = number

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days is ${var.log_retention_days}, which CloudWatch Logs does not know: set 7, 14, 30, 60, 90, 180, 365 or another of its own."
  }
}

variable "alarm_thresholds" {
  description = "Thresholds that differ here from dashboards/alarms.yaml and gate.yaml, by the alarm's name there, in the alarm's own unit."
  type        = map(number)
  default     = {}

  validation {
    condition     = length(setsubtract(keys(var.alarm_thresholds), keys(local.alarms))) == 0
    error_message = "alarm_thresholds has ${join(", ", setsubtract(keys(var.alarm_thresholds), keys(local.alarms)))}, which is no alarm: set names of dashboards/alarms.yaml or gate.yaml, without ${var.name}."
  }
}

variable "anomaly_band" {
  description = "Width of what is usual, in standard deviations to either side. Wider is quieter."
  type        = number
  default     = 3

  validation {
    condition     = var.anomaly_band >= 1 && var.anomaly_band <= 10
    error_message = "anomaly_band is ${var.anomaly_band}: set 1 (nearly anything is unusual) to 10."
  }
}

variable "page" {
  description = "Mail addresses of those who are woken up, such as that of a paging service."
  type        = set(string)

  validation {
    condition     = alltrue([for address in var.page : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", address))])
    error_message = "page has ${join(", ", var.page)}: set mail addresses, such as on-call@example.com."
  }
  validation {
    condition     = length(var.page) > 0 || var.slack != null
    error_message = "page is empty and slack is null, so that nobody is told of a failure: set a mail address, or a channel."
  }
}

variable "ticket" {
  description = "Mail addresses for what can wait until the morning."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for address in var.ticket : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", address))])
    error_message = "ticket has ${join(", ", var.ticket)}: set mail addresses, such as team@example.com."
  }
}

variable "slack" {
  description = "Ids of the Slack workspace (`T…`) and channel (`C…`) that all alarms are told in, or null. The workspace has to be authorised in the console before."
  type        = object({ workspace = string, channel = string })
  default     = null

  validation {
    condition     = var.slack == null ? true : can(regex("^T[0-9A-Z]+$", var.slack.workspace)) && can(regex("^[CG][0-9A-Z]+$", var.slack.channel))
    error_message = "slack is ${jsonencode(var.slack)}: set ids, not names: a workspace T… and a channel C… (Slack: Copy link)."
  }
}

variable "permissions_boundary" {
  description = "ARN of the policy that no role of the environment may exceed, or null."
  type        = string
  default     = null
}
