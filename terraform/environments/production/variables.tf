variable "region" {
  description = "AWS region of everything that is not global."
  type        = string
}

variable "replica_region" {
  description = "AWS region that backups are copied to; another one than `region`."
  type        = string

  validation {
    condition     = var.replica_region != var.region
    error_message = "replica_region is \"${var.replica_region}\", as region is; set another one, for the copies are there for the loss of a region."
  }
}

variable "domain" {
  description = "Domain whose zone `account/` made, such as `example.com`."
  type        = string
}

variable "github_repository" {
  description = "`owner/name` of the repository whose workflows deploy."
  type        = string
}

variable "people" {
  description = "Mail addresses that are paged and that get tickets, networks of `operators`, and a Slack channel or null."
  type = object({
    page      = list(string)
    ticket    = list(string)
    operators = list(string)
    slack     = object({ workspace = string, channel = string })
  })
}

variable "release" {
  description = "What the first tasks and the functions are made of, see release.auto.tfvars.example."
  type = object({
    image           = string
    commit          = string
    collector_image = string
    hooks           = string
    database_roles  = string
  })
}
