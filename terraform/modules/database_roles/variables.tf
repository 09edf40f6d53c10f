variable "name" {
  description = "Prefix of the names in AWS, such as `taproom-staging`."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,23}$", var.name))
    error_message = "name is \"${var.name}\": set at most 24 lower-case letters, digits and dashes, a letter first."
  }
}

variable "package" {
  description = "The function's program: the bucket and key of a zip file with `bootstrap` and `rds-ca.pem`, and its hash as `codedeploy/hooks/package` prints it."
  type = object({
    bucket = string
    key    = string
    hash   = string
  })
}

variable "architecture" {
  description = "What the program was built for: `x86_64` or `arm64`."
  type        = string
  default     = "x86_64"
}

variable "vpc" {
  description = "Where the function is: the id of the VPC, and private subnets with a way to Secrets Manager, by NAT or an endpoint."
  type = object({
    id         = string
    subnet_ids = list(string)
  })
}

variable "database" {
  description = "The database, as the module `database` returns it."
  type = object({
    address           = string
    port              = number
    name              = string
    resource_id       = string
    master_secret_arn = string
    security_group_id = string
  })
}

variable "roles" {
  description = "Names of the roles: `owner` owns the tables and cannot log in, `migrator` may become the owner, `app` reads and writes rows."
  type = object({
    owner    = string
    migrator = string
    app      = string
  })

  validation {
    # PostgreSQL keeps names that begin with pg_ to itself, RDS those with rds.
    condition = alltrue([
      for role in values(var.roles) : can(regex("^[a-z_][a-z0-9_]{0,62}$", role)) && !can(regex("^(pg_|rds)|^(public|none)$", role))
    ])
    error_message = "roles are ${join(", ", values(var.roles))}: set names of at most 63 lower-case letters, digits and underscores, none of them public or none, or beginning with pg_ or rds."
  }

  validation {
    condition     = length(distinct(values(var.roles))) == 3
    error_message = "roles are ${join(", ", values(var.roles))}: set three different names."
  }
}

variable "introspection_key" {
  description = "The secret that the function may put an API key with the scope `introspection` into, when the pipeline asks it to; null if no hook compares schemas."
  type        = object({ secret_arn = string })
  default     = null
}

variable "data_key" {
  description = "ARN of the KMS key of the database and its secrets."
  type        = string
}

variable "logs_key" {
  description = "ARN of the KMS key that encrypts the function's log."
  type        = string
}

variable "log_retention_days" {
  description = "Days for which the function's log is kept, a number that CloudWatch Logs knows."
  type        = number
}

variable "permissions_boundary" {
  description = "ARN of the policy that no role made here exceeds; null for none."
  type        = string
  default     = null
}
