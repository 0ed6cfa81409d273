variable "account_alias" {
  description = "Alias of the account, 3 to 32 lower-case letters, digits and single `-` between them, which no other account has. People log on as `alice@<alias>.onaliyun.com`, so another one changes everybody's logon name. Left out, the alias is not managed."
  type        = string
  default     = null

  validation {
    condition     = var.account_alias == null || can(regex("^[a-z0-9]+(-[a-z0-9]+)*$", var.account_alias)) && try(length(var.account_alias) >= 3 && length(var.account_alias) <= 32, false)
    error_message = "An alias is 3 to 32 lower-case letters, digits and single \"-\" between them."
  }
}

variable "password_policy" {
  description = "What passwords have to be like, in the words of `ram_password_policy`. What is left out is as the type says; `null` for the whole leaves the account's policy alone."
  type = object({
    minimum_password_length        = optional(number, 14)
    require_lowercase_characters   = optional(bool, true)
    require_uppercase_characters   = optional(bool, true)
    require_numbers                = optional(bool, true)
    require_symbols                = optional(bool, true)
    password_not_contain_user_name = optional(bool, true)
    password_reuse_prevention      = optional(number, 8)
    max_password_age               = optional(number)
    max_login_attempts             = optional(number, 5)
    initial_password_age           = optional(number, 7)
  })
  default = {}

  validation {
    condition     = try(var.password_policy.minimum_password_length, 14) >= 8 && try(var.password_policy.minimum_password_length, 14) <= 32
    error_message = "minimum_password_length is 8 to 32."
  }
}

variable "security_preference" {
  description = "How people log on and what they may manage themselves, in the words of `ram_security_preference`. What is left out is as the type says; `null` for the whole leaves the account's settings alone."
  type = object({
    mfa_operation_for_login          = optional(string, "mandatory")
    enable_save_mfa_ticket           = optional(bool, false)
    login_session_duration           = optional(number, 8)
    login_network_masks              = optional(set(string))
    allow_user_to_change_password    = optional(bool, true)
    allow_user_to_manage_mfa_devices = optional(bool, true)
    allow_user_to_manage_access_keys = optional(bool, false)
    max_idle_days_for_users          = optional(number, 90)
    max_idle_days_for_access_keys    = optional(number, 90)
  })
  default = {}

  validation {
    condition     = contains(["mandatory", "independent", "adaptive"], try(var.security_preference.mfa_operation_for_login, "mandatory"))
    error_message = "mfa_operation_for_login is \"mandatory\", \"independent\" or \"adaptive\"."
  }
  validation {
    condition     = alltrue([for days in [try(var.security_preference.max_idle_days_for_users, 90), try(var.security_preference.max_idle_days_for_access_keys, 90)] : contains([90, 180, 365, 730], days)])
    error_message = "max_idle_days_for_users and max_idle_days_for_access_keys are 90, 180, 365 or 730."
  }
}

variable "on_destroy" {
  description = "What becomes of the account's settings when the module is destroyed: `restore` gives back what was found, `reset` sets the service's defaults, `keep` leaves them as they are."
  type        = string
  default     = "restore"
  nullable    = false

  validation {
    condition     = contains(["restore", "reset", "keep"], var.on_destroy)
    error_message = "on_destroy is \"restore\", \"reset\" or \"keep\"."
  }
}

variable "administrators" {
  description = "Administrators who are not root, by a key that stays: `name` is the key when left out, and another name renames the user. See the module `administrator`."
  type = map(object({
    name         = optional(string)
    display_name = optional(string)
    description  = optional(string)
  }))
  nullable = false

  validation {
    condition     = length(var.administrators) > 0
    error_message = "Name an administrator, or the account has none but its root."
  }
  validation {
    condition     = length(distinct([for key, user in var.administrators : lower(coalesce(user.name, key))])) == length(var.administrators)
    error_message = "Two administrators have the same name."
  }
}

variable "initial_passwords" {
  description = "Password for the first logon of each administrator, by the key in `administrators`. They are neither in the state nor in a plan. Needed for new administrators and when `initial_password_version` changes; without a meaning otherwise."
  type        = map(string)
  default     = {}
  nullable    = false
  sensitive   = true
  ephemeral   = true

  validation {
    condition     = length(setsubtract(keys(var.initial_passwords), keys(var.administrators))) == 0
    error_message = "There is a password for somebody who is not among the administrators."
  }
}

variable "initial_password_version" {
  description = "Any number; another one sets all of `initial_passwords` again."
  type        = number
  default     = 1
  nullable    = false
}

variable "teams" {
  description = "Teams, by a key that stays: `name` is the key when left out, and another name renames the group. `members` are names of users that exist, or keys of `administrators`. See the module `team`."
  type = map(object({
    name             = optional(string)
    description      = optional(string)
    members          = optional(set(string), [])
    system_policies  = optional(set(string), [])
    custom_policies  = optional(set(string), [])
    policy_documents = optional(map(string), {})
  }))
  default  = {}
  nullable = false

  validation {
    condition     = length(distinct([for key, team in var.teams : lower(coalesce(team.name, key))])) == length(var.teams)
    error_message = "Two teams have the same name."
  }
}

variable "force_destroy" {
  description = "Whether destroying an administrator or a team also removes what they got elsewhere: MFA devices, access keys, groups, members, policies. Otherwise one with any of these is not deleted."
  type        = bool
  default     = false
  nullable    = false
}

variable "tags" {
  description = "Tags of the administrators and of the policies of `teams`, up to 20 with the provider's `default_tags`."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key, value in var.tags : length(key) >= 1 && length(key) <= 128 && length(value) <= 128])
    error_message = "The keys of a user's tags have 1 to 128 characters, the values up to 128."
  }
}
