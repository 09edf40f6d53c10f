variable "name" {
  description = "Beginning of all names, such as `taproom-staging`."
  type        = string
}

variable "log_retention_days" {
  description = "Days for which access logs are kept in S3."
  type        = number
}

variable "force_destroy" {
  description = "Whether `terraform destroy` takes along what is in the buckets and vaults."
  type        = bool
}

variable "backup" {
  description = <<-EOT
    When and for how long resources with `backup_tag` are backed up: `schedule` (AWS's cron with six fields, in UTC, such as `cron(0 3 * * ? *)`), `keep_days` here and
    `copy_keep_days` in the other region, and `vault_lock`: whether recovery points cannot be deleted earlier.
  EOT
  type = object({
    schedule       = string
    keep_days      = number
    copy_keep_days = number
    vault_lock     = bool
  })

  validation {
    condition     = can(regex("^cron\\(([^ ()]+ ){5}[^ ()]+\\)$", var.backup.schedule))
    error_message = "backup.schedule is \"${var.backup.schedule}\"; set AWS's cron with its six fields (minute, hour, day of month, month, day of week, year), such as \"cron(0 3 * * ? *)\"."
  }

  validation {
    condition     = alltrue([for days in [var.backup.keep_days, var.backup.copy_keep_days] : days >= 1 && floor(days) == days])
    error_message = "backup.keep_days is ${var.backup.keep_days} and backup.copy_keep_days is ${var.backup.copy_keep_days}; set whole numbers of days, 1 at least."
  }

  validation {
    condition     = !(var.backup.vault_lock && var.force_destroy)
    error_message = "backup.vault_lock is true, and so is force_destroy, which could not empty a locked vault; set one of both to false."
  }
}

variable "failures" {
  description = "Where backups that failed are told: `topic`, the ARN of an SNS topic that admits EventBridge; null for nowhere."
  type        = object({ topic = string })
  default     = null
}

variable "permissions_boundary" {
  description = "ARN of the policy that no role made here exceeds; null for none."
  type        = string
  default     = null
}
