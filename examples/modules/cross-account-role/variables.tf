variable "name" {
  description = "Name of the role: 1 to 64 letters, digits, `.` and `-`. Another name replaces the role, and those who assume it need the new ARN."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9.-]{1,64}$", var.name))
    error_message = "The name of a role is 1 to 64 letters, digits, \".\" and \"-\"."
  }
}

variable "description" {
  description = "What the role is for, up to 1,024 characters."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = length(var.description) <= 1024
    error_message = "RAM keeps up to 1,024 characters about a role."
  }
}

variable "trusted_account_ids" {
  description = "IDs of the accounts whose users and roles may assume the role, as far as their own account permits it to them. Give these, `trusted_arns` or both."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for id in var.trusted_account_ids : can(regex("^[0-9]{16}$", id))])
    error_message = "The ID of an account is 16 digits, such as \"1234567890123456\"; write it as a text."
  }
  validation {
    condition     = length(var.trusted_account_ids) + length(var.trusted_arns) > 0
    error_message = "Nobody could assume the role: give trusted_account_ids or trusted_arns."
  }
}

variable "trusted_arns" {
  description = "ARNs of single users and roles that may assume the role, such as `acs:ram::1234567890123456:user/alice`."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.trusted_arns : can(regex("^acs:ram::[0-9]{16}:(user|role)/[^*?]+$", arn))])
    error_message = "Name one user or role, \"acs:ram::1234567890123456:user/alice\", without wildcards. A whole account is in trusted_account_ids."
  }
}

variable "require_mfa" {
  description = "Whether only those may assume the role who have logged on with MFA. `true` for people; programs have no MFA, and neither has Terraform with an access key."
  type        = bool
  nullable    = false
}

variable "external_id" {
  description = "What the other side has to say when it assumes the role, 2 to 1,224 letters, digits and `=,.@:/_-`: an ID that a service provider has for this customer alone. No secret. Not asked for when left out."
  type        = string
  default     = null

  validation {
    condition     = var.external_id == null || try(length(regex("^[A-Za-z0-9=,.@:/_-]{2,}$", var.external_id)) <= 1224, false)
    error_message = "An external ID is 2 to 1,224 letters, digits and \"=\", \",\", \".\", \"@\", \":\", \"/\", \"_\", \"-\"."
  }
}

variable "max_session_duration" {
  description = "Longest session of the role in seconds, 3600 to 43200."
  type        = number
  default     = 3600
  nullable    = false

  validation {
    condition     = var.max_session_duration >= 3600 && var.max_session_duration <= 43200 && floor(var.max_session_duration) == var.max_session_duration
    error_message = "A session is limited to 3600 to 43200 seconds: one to twelve hours."
  }
}

variable "system_policies" {
  description = "Names of policies of Alibaba Cloud's, such as `ReadOnlyAccess`, up to 20."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for name in var.system_policies : can(regex("^[A-Za-z0-9-]{1,128}$", name))])
    error_message = "The name of a policy is 1 to 128 letters, digits and \"-\"."
  }
  validation {
    condition     = length(var.system_policies) <= 20
    error_message = "RAM attaches up to 20 system policies to one user, group or role."
  }
}

variable "custom_policies" {
  description = "Names of policies that the account has already, such as `ram_policy.reports.name`, up to 10 with those of `policy_documents`."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for name in var.custom_policies : can(regex("^[A-Za-z0-9-]{1,128}$", name))])
    error_message = "The name of a policy is 1 to 128 letters, digits and \"-\"."
  }
  validation {
    condition     = length(var.custom_policies) <= 10
    error_message = "RAM attaches up to 10 custom policies to one user, group or role."
  }
}

variable "policy_documents" {
  description = "Policies to make and attach: documents as JSON by the name of the policy, which the account must not have yet."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.policy_documents) : can(regex("^[A-Za-z0-9-]{1,128}$", name))])
    error_message = "The name of a policy is 1 to 128 letters, digits and \"-\"."
  }
  validation {
    condition     = alltrue([for document in var.policy_documents : can(jsondecode(document).Statement)])
    error_message = "A policy document is JSON with a Statement, such as the json of a ram_policy_document."
  }
  validation {
    condition     = length(setintersection([for name in keys(var.policy_documents) : lower(name)], [for name in var.custom_policies : lower(name)])) == 0
    error_message = "A policy of policy_documents is attached as it is: do not name it in custom_policies too."
  }
  validation {
    condition     = length(var.policy_documents) + length(var.custom_policies) <= 10
    error_message = "RAM attaches up to 10 custom policies to one user, group or role, those of custom_policies among them."
  }
}

variable "force_destroy" {
  description = "Whether destroying the role also detaches policies that it got elsewhere, and its own policies are detached from whoever else has them. Otherwise such a role, or policy, is not deleted."
  type        = bool
  default     = false
  nullable    = false
}

variable "tags" {
  description = "Tags of the role and of the policies of `policy_documents`, up to 20 with the provider's `default_tags`."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key, value in var.tags : length(key) >= 1 && length(key) <= 128 && length(value) <= 256])
    error_message = "The keys of tags have 1 to 128 characters, the values up to 256."
  }
}
