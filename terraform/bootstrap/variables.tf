variable "region" {
  description = "AWS region of the bucket, such as `eu-west-1`."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region is \"${var.region}\"; set an AWS region, such as eu-west-1."
  }
}

variable "administrators" {
  description = "ARNs of the roles or users that may delete old versions of states, such as `arn:aws:iam::123456789012:role/admin`. The account's root user always may."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.administrators : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/[^*?]+$", arn))])
    error_message = "administrators is ${jsonencode(var.administrators)}; set ARNs of roles or users, such as arn:aws:iam::123456789012:role/admin, without wildcards. A session's ARN (sts, assumed-role) is not its role's."
  }
}

variable "force_destroy" {
  description = "Whether `terraform destroy` deletes all states, with their versions: for the end of everything."
  type        = bool
  default     = false
}
