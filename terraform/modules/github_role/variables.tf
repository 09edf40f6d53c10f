variable "name" {
  description = "Name of the role."
  type        = string

  validation {
    condition     = can(regex("^[\\w+=,.@-]{1,64}$", var.name))
    error_message = "name is \"${var.name}\": set 1 to 64 letters, digits and +=,.@_-"
  }
}

variable "description" {
  description = "What the role is for, as the console shows it."
  type        = string
  default     = "For jobs of GitHub Actions"
}

variable "oidc_provider_arn" {
  description = "ARN of the account's identity provider for GitHub Actions."
  type        = string

  validation {
    condition     = endswith(var.oidc_provider_arn, ":oidc-provider/token.actions.githubusercontent.com")
    error_message = "oidc_provider_arn is \"${var.oidc_provider_arn}\": set the ARN of the provider of token.actions.githubusercontent.com."
  }
}

variable "subjects" {
  description = "Who may take on the role, as GitHub's tokens say it: `repo:OWNER/NAME:environment:…` or `repo:OWNER/NAME:ref:refs/heads/…`."
  type        = list(string)

  validation {
    condition     = length(var.subjects) > 0 && alltrue([for subject in var.subjects : can(regex("^repo:[\\w.-]+(@[0-9]+)?/[\\w.-]+(@[0-9]+)?:(environment:[^*?]+|ref:refs/(heads|tags)/[^*?]+)$", subject))])
    error_message = "subjects are ${jsonencode(var.subjects)}: set repo:OWNER/NAME:environment:NAME or repo:OWNER/NAME:ref:refs/heads/BRANCH, without wildcards. A pull request's own subject is none: any branch could use it."
  }
}

variable "policies" {
  description = "Policy documents in JSON, by a short name each: at most 10, of at most 6,144 characters."
  type        = map(string)

  # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  validation {
    condition     = length(var.policies) <= 10 && alltrue([for policy in values(var.policies) : length(policy) <= 6144])
    error_message = "policies have ${join(", ", [for name, policy in var.policies : "${name}: ${length(policy)}"])} characters: set at most 10, of at most 6144 each."
  }
}

variable "max_session" {
  description = "Seconds that credentials last at most, 3600 to 43200."
  type        = number
  default     = 3600

  validation {
    condition     = var.max_session >= 3600 && var.max_session <= 43200
    error_message = "max_session is ${var.max_session}: set 3600 to 43200 seconds."
  }
}
