variable "people_file" {
  description = "CSV file of the people: id, which never changes about a person; name; display_name; team; and whether the person logs on to the console, yes or no."
  type        = string
  default     = "people.csv"
}

variable "password_seed" {
  description = "Secret that everybody's initial password is derived from. It is neither in the state nor in a plan."
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
