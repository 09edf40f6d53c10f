variable "name" {
  description = "Name of the database instance, and prefix of what belongs to it, such as `taproom-staging`."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,23}$", var.name)) && !can(regex("--|-$", var.name))
    error_message = "name is \"${var.name}\": set at most 24 lower-case letters, digits and dashes, a letter first, no dash last and no two dashes together."
  }
}

variable "vpc_id" {
  description = "Id of the VPC."
  type        = string
}

variable "subnet_ids" {
  description = "Ids of the subnets, in at least two zones, without a way to the internet."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "subnet_ids has ${length(var.subnet_ids)} subnets: set one in each of at least two zones, as RDS demands even of a database in one zone."
  }
}

variable "client_security_group_ids" {
  description = "Ids of the security groups whose members may connect, by what they are, such as `{ service = ... }`. The module `database_roles` admits itself."
  type        = map(string)
}

variable "engine_version" {
  description = "Version of PostgreSQL: the major one, such as `16`, which RDS then keeps up to date, or one with its minor, such as `16.4`."
  type        = string

  validation {
    # The service sets client_connection_check_interval, which came with 14.
    condition     = can(regex("^(1[4-9]|[2-9][0-9])(\\.[0-9]{1,2})?$", var.engine_version))
    error_message = "engine_version is \"${var.engine_version}\": set a major version from 14 on, such as 16, or one with its minor, such as 16.4."
  }
}

variable "allow_major_version_upgrade" {
  description = "Whether `engine_version` may be raised to another major version, which stops the database for minutes and cannot be taken back."
  type        = bool
  default     = false

  validation {
    # Otherwise the old parameter group, which is deleted with it, is in use until the maintenance window.
    condition     = !var.allow_major_version_upgrade || var.apply_immediately
    error_message = "allow_major_version_upgrade is true and apply_immediately is not: set both, and apply when the database may be away."
  }
}

variable "instance_class" {
  description = "Class of the instance, such as `db.t4g.micro`."
  type        = string

  validation {
    condition     = can(regex("^db\\.[a-z0-9-]+\\.[a-z0-9]+$", var.instance_class))
    error_message = "instance_class is \"${var.instance_class}\": set a class of RDS such as db.t4g.micro."
  }
}

variable "storage_gib" {
  description = "Storage in GiB to begin with."
  type        = number

  validation {
    # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html
    condition     = var.storage_gib >= 20 && var.storage_gib <= 65536 && floor(var.storage_gib) == var.storage_gib
    error_message = "storage_gib is ${var.storage_gib}: set a whole number of GiB from 20 to 65536, the range of gp3."
  }
}

variable "max_storage_gib" {
  description = "Storage in GiB up to which RDS grows it by itself, at least 10 % more than `storage_gib`."
  type        = number

  validation {
    # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.StorageTypes.html
    condition     = var.max_storage_gib >= 1.1 * var.storage_gib && var.max_storage_gib <= 65536
    error_message = "max_storage_gib is ${var.max_storage_gib}: set at least ${ceil(1.1 * var.storage_gib)}, 10 % more than the ${var.storage_gib} of storage_gib, and at most 65536."
  }
}

variable "multi_az" {
  description = "Whether there is a standby in another zone, which takes over within minutes."
  type        = bool
}

variable "max_connections" {
  description = "Connections that PostgreSQL accepts. What all tasks of two versions can open has to fit in. A change takes effect with the next restart."
  type        = number

  validation {
    condition     = var.max_connections >= 20 && var.max_connections <= 8388607 && floor(var.max_connections) == var.max_connections
    error_message = "max_connections is ${var.max_connections}: set a whole number from 20 on; RDS itself needs some of them."
  }
}

variable "backup_retention_days" {
  description = "Days to each moment of which the database can be taken back."
  type        = number

  validation {
    # 0 would switch backups off.
    condition     = var.backup_retention_days >= 1 && var.backup_retention_days <= 35 && floor(var.backup_retention_days) == var.backup_retention_days
    error_message = "backup_retention_days is ${var.backup_retention_days}: set a whole number of days from 1 to 35."
  }
}

variable "deletion_protection" {
  description = "Whether RDS refuses to delete the database."
  type        = bool
}

variable "skip_final_snapshot" {
  description = "Whether the database is deleted without a last snapshot."
  type        = bool

  validation {
    condition     = !(var.skip_final_snapshot && var.deletion_protection)
    error_message = "skip_final_snapshot and deletion_protection are both true: set skip_final_snapshot to false for what is worth protecting."
  }
}

variable "apply_immediately" {
  description = "Whether changes that interrupt the service are made at once, and not in the maintenance window."
  type        = bool
  default     = false
}

variable "database_name" {
  description = "Name of the database in the instance. The master user is `NAME_master`."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,55}$", var.database_name))
    error_message = "database_name is \"${var.database_name}\": set at most 56 lower-case letters, digits and underscores, a letter first."
  }
}

variable "key" {
  description = "ARN of the KMS key that encrypts storage, snapshots, Performance Insights and the master secret."
  type        = string
}

variable "logs_key" {
  description = "ARN of the KMS key that encrypts the logs."
  type        = string
}

variable "log_retention_days" {
  description = "Days for which logs are kept, a number that CloudWatch Logs knows."
  type        = number
}

variable "backup_tag" {
  description = "The tag by which AWS Backup finds what it has to back up."
  type = object({
    key   = string
    value = string
  })
}

variable "permissions_boundary" {
  description = "ARN of the policy that no role made here exceeds; null for none."
  type        = string
  default     = null
}
