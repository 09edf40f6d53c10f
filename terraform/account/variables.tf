variable "region" {
  description = "AWS region of everything that is not global."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "\"${var.region}\" is no AWS region: set one like eu-west-1."
  }
}

# For the environments. Declared so that one terraform.tfvars serves all roots without a warning.
variable "replica_region" {
  description = "Not used here."
  type        = string
  default     = null
}

variable "domain" {
  description = "Domain that gets a Route 53 zone, such as `example.com`; its name servers have to be set where the domain was bought."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", var.domain))
    error_message = "\"${var.domain}\" is no domain: set one like example.com, in lower case, without a scheme or a dot at its end."
  }
}

variable "github_repository" {
  description = "`owner/name` of the repository whose main branch builds images and packages."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9-]{0,38}(@[0-9]+)?/[A-Za-z0-9._-]{1,100}(@[0-9]+)?$", var.github_repository))
    error_message = "\"${var.github_repository}\" is no GitHub repository: set owner/name or owner@id/name@id, without a host and without wildcards, which would let others in."
  }
}

variable "people" {
  description = "Mail addresses that get `ticket`s: news of money and of resources that are not as they should be. AWS asks each to confirm."
  type        = object({ ticket = list(string) })

  # A notification of a budget takes ten addresses.
  validation {
    condition     = length(var.people.ticket) >= 1 && length(var.people.ticket) <= 10
    error_message = "people.ticket has ${length(var.people.ticket)} addresses: set one to ten, for somebody has to hear of costs and AWS Budgets takes no more."
  }

  validation {
    condition     = alltrue([for address in var.people.ticket : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", address))])
    error_message = "people.ticket has \"${join("\", \"", var.people.ticket)}\": set mail addresses only."
  }
}

variable "existing" {
  description = <<-TEXT
    What the account has already, by others, and is left as it is: some of `access_analyzer`, `anomaly_monitor`, `config`, `database_monitoring`, `ebs_encryption`, `github_oidc`,
    `password_policy`, `public_access_block`, `trail`, `zone`. An account can have most of them once only; the README says what happens without each.
  TEXT
  type        = set(string)
  default     = []

  validation {
    condition = alltrue([for thing in var.existing : contains([
      "access_analyzer", "anomaly_monitor", "config", "database_monitoring", "ebs_encryption", "github_oidc", "password_policy", "public_access_block", "trail", "zone",
    ], thing)])
    error_message = "existing has \"${join("\", \"", var.existing)}\": set some of access_analyzer, anomaly_monitor, config, database_monitoring, ebs_encryption, github_oidc, password_policy, public_access_block, trail, zone."
  }
}

variable "cost_tags" {
  description = "Whether billing knows the tags of settings.yaml, as it does some 24 hours after the first resource has them: then they are made tags to tell costs apart by. Before, AWS refuses it."
  type        = bool
  default     = false
}

variable "dnssec" {
  description = "Whether the zone is signed. First set the name servers, then this, then the output `ds_record` where the domain was bought. To undo it, take the record away there two days before."
  type        = bool
  default     = false

  validation {
    condition     = !(var.dnssec && contains(var.existing, "zone"))
    error_message = "dnssec is true for a zone that is in `existing`: leave signing to whoever made the zone, and set dnssec to false."
  }
}

variable "force_destroy" {
  description = "Whether `terraform destroy` may delete images, packages, audit logs and what was added to the zone by hand; otherwise it stops at what is not empty."
  type        = bool
  default     = false
}
