variable "name" {
  description = "Name of the group: 1 to 64 letters, digits, `.`, `-` and `_`. Another name renames the group."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9._-]{1,64}$", var.name))
    error_message = "The name of a group is 1 to 64 letters, digits, \".\", \"-\" and \"_\"."
  }
}

variable "description" {
  description = "What the team is for, up to 128 characters."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = length(var.description) <= 128
    error_message = "RAM keeps up to 128 characters about a group."
  }
}

variable "members" {
  description = "Names of the users in the team, such as `ram_user.alice.name`. They have to exist."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for name in var.members : can(regex("^[A-Za-z0-9._-]{1,64}$", name))])
    error_message = "Members are named as users are, without the domain: \"alice\", not \"alice@example.onaliyun.com\"."
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
  description = "Whether destroying the group also takes out members and policies that it got elsewhere, and its own policies are detached from whoever else has them. Otherwise such a group, or policy, is not deleted."
  type        = bool
  default     = false
  nullable    = false
}

variable "tags" {
  description = "Tags of the policies of `policy_documents`, up to 20 with the provider's `default_tags`. RAM has none for groups."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key, value in var.tags : length(key) >= 1 && length(key) <= 128 && length(value) <= 256])
    error_message = "The keys of tags have 1 to 128 characters, the values up to 256."
  }
}
