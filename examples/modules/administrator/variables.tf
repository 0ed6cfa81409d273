variable "name" {
  description = "Name of the user, which people log on with: 1 to 64 letters, digits, `.`, `-` and `_`. Another name renames the user."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9._-]{1,64}$", var.name))
    error_message = "The name of a user is 1 to 64 letters, digits, \".\", \"-\" and \"_\"."
  }
}

variable "display_name" {
  description = "Name that the console shows, up to 128 characters. Left out, the service decides."
  type        = string
  default     = null

  validation {
    condition     = length(coalesce(var.display_name, "-")) <= 128
    error_message = "A display name has up to 128 characters."
  }
}

variable "description" {
  description = "What the user is for, up to 128 characters."
  type        = string
  default     = "Administrator, in place of the account's root"
  nullable    = false

  validation {
    condition     = length(var.description) <= 128
    error_message = "RAM keeps up to 128 characters about a user."
  }
}

variable "initial_password" {
  description = "Password for the first logon, 8 to 32 characters within the account's password policy. It is neither in the state nor in a plan. Needed when the login is made and when `initial_password_version` changes; without a meaning otherwise."
  type        = string
  default     = null
  sensitive   = true
  ephemeral   = true

  validation {
    condition     = var.initial_password == null || try(length(var.initial_password) >= 8 && length(var.initial_password) <= 32, false)
    error_message = "A password has 8 to 32 characters."
  }
}

variable "initial_password_version" {
  description = "Any number; another one sets `initial_password` again, for somebody who has lost the password."
  type        = number
  default     = 1
  nullable    = false
}

variable "force_destroy" {
  description = "Whether destroying the user also removes what it got elsewhere: MFA devices, access keys, groups, policies. Otherwise a user with any of these is not deleted. An administrator who has logged on has an MFA device."
  type        = bool
  default     = false
  nullable    = false
}

variable "tags" {
  description = "Tags of the user, up to 20 with the provider's `default_tags`."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key, value in var.tags : length(key) >= 1 && length(key) <= 128 && length(value) <= 128])
    error_message = "The keys of a user's tags have 1 to 128 characters, the values up to 128."
  }
}
