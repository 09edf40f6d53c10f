variable "name" {
  description = "Prefix of all names of the environment in AWS, such as `taproom-staging`."
  type        = string
}

variable "environment" {
  description = "Name of the environment: the value of the tag `Environment` on all that is its own, and the beginning of its GitHub environments' names."
  type        = string
}

variable "replica_region" {
  description = "AWS region of backups' copies."
  type        = string
}

variable "github_repository" {
  description = "`owner/name` of the repository whose jobs take on the roles."
  type        = string

  validation {
    condition     = can(regex("^[\\w.-]+(@[0-9]+)?/[\\w.-]+(@[0-9]+)?$", var.github_repository))
    error_message = "github_repository is \"${var.github_repository}\": set owner/name, such as example/taproom, or owner@id/name@id."
  }
}

variable "oidc_provider_arn" {
  description = "ARN of the account's identity provider for GitHub Actions."
  type        = string
}

variable "state" {
  description = "Terraform's state of this environment: `bucket_arn`, `key` of the object, and `kms_key_arn` that it is encrypted with."
  type        = object({ bucket_arn = string, key = string, kms_key_arn = string })

  validation {
    condition     = can(regex("^[^/*?].*[^*?]\\.tfstate$", var.state.key)) && !strcontains(var.state.key, "*")
    error_message = "state.key is \"${var.state.key}\": set the key of one object, such as staging/terraform.tfstate, without wildcards."
  }
  validation {
    condition     = startswith(var.state.key, "${var.environment}/")
    error_message = "state.key is \"${var.state.key}\", which is not in ${var.environment}/: set this environment's own, for the roles may read it."
  }
}

variable "artifacts" {
  description = "What Terraform leaves for releases: `bucket_arn`, and `key_arn` of the KMS key that it is encrypted with."
  type        = object({ bucket_arn = string, key_arn = string })
}

variable "packages_bucket_arn" {
  description = "ARN of the bucket that functions' packages are in."
  type        = string
}

variable "repository_arn" {
  description = "ARN of the image repository."
  type        = string
}

variable "zone_id" {
  description = "Id of the Route 53 zone that the environment's records are in."
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

variable "task_family" {
  description = "Family of the task definitions."
  type        = string
}

variable "pass_role_arns" {
  description = "ARNs of the roles that a release hands to tasks: the service's and ECS' own."
  type        = list(string)

  validation {
    condition     = length(var.pass_role_arns) > 0 && alltrue([for arn in var.pass_role_arns : !strcontains(arn, "*")])
    error_message = "pass_role_arns are ${jsonencode(var.pass_role_arns)}: set the ARNs of the task's roles, without wildcards."
  }
}

variable "migration_role_arn" {
  description = "ARN of the role that a release hands to the migration's task."
  type        = string
}

variable "log_group_arn" {
  description = "ARN of the service's log group, in which the migration's log is, too."
  type        = string
}

variable "codedeploy" {
  description = "CodeDeploy's `application`, deployment `group` and the names of its own `configurations`."
  type        = object({ application = string, group = string, configurations = list(string) })
}

variable "database_users" {
  description = "Names of the database's users as whom tasks log in."
  type        = list(string)

  validation {
    condition     = length(var.database_users) > 0 && alltrue([for user in var.database_users : can(regex("^[a-z_][a-z0-9_]{0,62}$", user))])
    error_message = "database_users are ${jsonencode(var.database_users)}: set at least one name, of lower-case letters, digits and underscores."
  }
}

variable "roles_function" {
  description = "Name of the function of `database_roles`: `terraform apply` calls it for the database's roles, and a release for the introspection key."
  type        = string

  validation {
    condition     = can(regex("^[\\w-]{1,64}$", var.roles_function))
    error_message = "roles_function is \"${var.roles_function}\": set the name of one function, such as taproom-staging-database-roles, without wildcards."
  }
}

variable "disposable" {
  description = "Whether `terraform apply` may delete keys, old versions of objects, and recovery points. Otherwise that takes an administrator."
  type        = bool
}
