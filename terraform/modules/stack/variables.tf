variable "project" {
  description = "The beginning of every name: 2 to 12 lower case letters and digits, a letter first."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,11}$", var.project))
    error_message = "project is \"${var.project}\"; set 2 to 12 lower case letters and digits, a letter first: AWS limits the names that begin with it."
  }
}

variable "environment" {
  description = "Which of the project's environments this is: 2 to 11 lower case letters and digits, a letter first. `TAPROOM_ENVIRONMENT` of the tasks."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,10}$", var.environment))
    error_message = "environment is \"${var.environment}\"; set 2 to 11 lower case letters and digits, a letter first: AWS limits the names that it is in."
  }
}

variable "domain" {
  description = "Domain whose Route 53 zone `account/` made, such as `example.com`."
  type        = string
}

variable "replica_region" {
  description = "AWS region that backups are copied to."
  type        = string
}

variable "github_repository" {
  description = "`owner/name` of the repository whose workflows may take on the roles of this environment."
  type        = string
}

variable "people" {
  description = "Mail addresses of who is woken up (`page`) and who reads it later (`ticket`), networks from where `operators` look at a candidate, and a `slack` channel or null."
  type = object({
    page      = list(string)
    ticket    = list(string)
    operators = list(string)
    slack     = object({ workspace = string, channel = string })
  })
}

variable "release" {
  description = "What the first tasks and the functions are made of: digest and commit of the image, the collector's image by digest, and the hashes of the functions' packages."
  type = object({
    image           = string
    commit          = string
    collector_image = string
    hooks           = string
    database_roles  = string
  })

  validation {
    condition     = can(regex("^sha256:[0-9a-f]{64}$", var.release.image))
    error_message = "release.image is \"${var.release.image}\"; set the image's digest, sha256: and 64 digits, as `docker push` prints it: a tag can be moved."
  }

  validation {
    condition     = alltrue([for hash in [var.release.hooks, var.release.database_roles] : can(regex("^[A-Za-z0-9+/]{43}=$", hash))])
    error_message = "release.hooks and release.database_roles are \"${var.release.hooks}\" and \"${var.release.database_roles}\"; set what codedeploy/hooks/package printed when it packed them."
  }
}

variable "settings" {
  description = "The environment's part of `settings.yaml`: sizes and choices. The modules refuse what makes no sense."
  # Nothing is optional: a name that is misspelt is missing, and Terraform says so.
  type = object({
    host               = string
    disposable         = bool
    log_retention_days = number

    network = object({
      cidr                = string
      zones               = number
      nat                 = string
      interface_endpoints = set(string)
    })

    edge = object({
      cloudfront                = bool
      requests_per_five_minutes = number
    })

    database = object({
      engine_version              = string
      instance_class              = string
      storage_gib                 = number
      max_storage_gib             = number
      multi_az                    = bool
      max_connections             = number
      backup_retention_days       = number
      apply_immediately           = bool
      allow_major_version_upgrade = bool
    })

    service = object({
      architecture = string
      cpu          = number
      memory       = number
      pool_size    = number
      capacity = object({
        min           = number
        max           = number
        cpu_target    = number
        memory_target = number
        schedules     = map(object({ cron = string, timezone = string, min = number, max = number }))
      })
      spot = object({ base = number, on_demand_weight = number, spot_weight = number })
      settings = object({
        rate_limit        = number
        cors_origins      = list(string)
        jwt               = object({ issuer = string, audience = string, jwks_url = string })
        log               = string
        metric_operations = list(string)
        trace_ratio       = number
      })
    })

    rollout = object({
      strategy                 = string
      termination_wait_minutes = number
      schema_check             = bool
    })

    backup = object({
      schedule       = string
      keep_days      = number
      copy_keep_days = number
      vault_lock     = bool
    })

    alarm_thresholds = map(number)
  })

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", var.settings.host))
    error_message = "host is \"${var.settings.host}\"; set what stands before the domain, such as api: lower case letters, digits, dots and dashes."
  }
}
