variable "users_file" {
  description = "CSV file with the people of the account. The column id is what never changes about a person, so that a new name is a rename; groups are separated by blanks."
  type        = string
  default     = "users.csv"
}

variable "administrator_name" {
  description = "Name of the RAM user that takes over from the account's root."
  type        = string
  default     = "administrator"
}

variable "password_seed" {
  description = "Secret that everybody's initial password is derived from; see initial_password in people.tf. It is neither in the state nor in a plan."
  type        = string
  sensitive   = true
  ephemeral   = true

  validation {
    condition     = length(var.password_seed) >= 20
    error_message = "Use at least 20 characters, such as the output of: openssl rand -hex 16"
  }
}

variable "password_version" {
  description = "Raise it to give everybody a new initial password, from a new password_seed."
  type        = number
  default     = 1
}

variable "account_alias" {
  description = "Alias of the account, 3 to 32 lower-case letters, digits and single hyphens, which no other account has: people log on as alice@<alias>.onaliyun.com."
  type        = string
  default     = "example-baseline"
}

variable "idp_metadata_file" {
  description = "SAML metadata of the company's identity provider, through which auditors come."
  type        = string
  default     = "idp-metadata.xml"
}

variable "backup_bucket" {
  description = "Name of the OSS bucket that the backup program writes to."
  type        = string
  default     = "example-backup"
}
