variable "name" {
  description = "Full name of the bucket, unique in all of AWS: such as `taproom-staging-artifacts-123456789012`."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.name))
    error_message = "name is \"${var.name}\"; set 3 to 63 lower-case letters, digits and dashes, without a dash at either end."
  }
}

variable "key" {
  description = "ARN of the KMS key that objects are encrypted with, or null for keys of S3's own."
  type        = string
  default     = null
}

variable "access_logs_bucket" {
  description = "Name of the bucket that S3's access logs go to, below `s3/`, or null for none. It has to be known before apply, as `id` of this module is, and to admit `logging.s3.amazonaws.com`."
  type        = string
  default     = null
}

variable "versioned" {
  description = "Whether objects that are replaced or deleted are kept as versions, for `noncurrent_expire_days`."
  type        = bool
  default     = true
}

variable "expire_days" {
  description = "Days after which an object is deleted, or null for never."
  type        = number
  default     = null

  validation {
    condition     = var.expire_days == null ? true : var.expire_days >= 1 && floor(var.expire_days) == var.expire_days
    error_message = "expire_days is ${var.expire_days == null ? "null" : var.expire_days}; set a whole number of days, 1 at least, or null to keep objects for ever."
  }
}

variable "noncurrent_expire_days" {
  description = "Days after which a version that was replaced or deleted is gone for good."
  type        = number
  default     = 90

  validation {
    condition     = var.noncurrent_expire_days >= 1 && floor(var.noncurrent_expire_days) == var.noncurrent_expire_days
    error_message = "noncurrent_expire_days is ${var.noncurrent_expire_days}; set a whole number of days, 1 at least."
  }
}

variable "object_writer" {
  description = "Whether whoever writes an object may set an ACL, as CloudFront's standard logs need. Otherwise ACLs are off."
  type        = bool
  default     = false
}

variable "force_destroy" {
  description = "Whether `terraform destroy` deletes objects, with all versions."
  type        = bool
  default     = false
}

variable "statements" {
  description = "JSON policy documents whose statements join the bucket's policy, such as of `aws_iam_policy_document`."
  type        = list(string)
  default     = []
}
