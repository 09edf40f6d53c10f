variable "name" {
  description = "Name of the repository, such as `taproom`."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9]+([._/-][a-z0-9]+)*$", var.name)) && length(var.name) >= 2
    error_message = "\"${var.name}\" is no name of a repository: set lower-case letters and digits, two at least, with single dots, dashes, underscores or slashes between them."
  }
}

variable "key" {
  description = "ARN of the KMS key that images are encrypted with. It is fixed when the repository is made: another one means another repository."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/", var.key))
    error_message = "\"${var.key}\" is not the ARN of a KMS key: set one like arn:aws:kms:eu-west-1:123456789012:key/…; aliases are not taken."
  }
}

variable "keep_images" {
  description = "How many images with a tag are kept; older ones expire, whether or not something runs them. So many releases back can be gone."
  type        = number

  validation {
    condition     = var.keep_images >= 10 && var.keep_images <= 5000 && floor(var.keep_images) == var.keep_images
    error_message = "keep_images is ${var.keep_images}: set a whole number from 10 to 5000. With fewer, a release that still runs, or the one before it, may expire."
  }
}

variable "untagged_days" {
  description = "Days after which images without a tag expire, which is what a build leaves that failed before its tag was pushed."
  type        = number
  default     = 7

  validation {
    condition     = var.untagged_days >= 1 && var.untagged_days <= 365 && floor(var.untagged_days) == var.untagged_days
    error_message = "untagged_days is ${var.untagged_days}: set whole days from 1 to 365."
  }
}

variable "force_delete" {
  description = "Whether destroying the repository deletes its images; otherwise one with images cannot be destroyed."
  type        = bool
  default     = false
}
