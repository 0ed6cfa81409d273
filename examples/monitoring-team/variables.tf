variable "operators" {
  description = "Names of those who operate ARMS."
  type        = set(string)
  default     = ["alice", "bob"]
}

variable "viewers" {
  description = "Names of those who look at ARMS only."
  type        = set(string)
  default     = ["carol", "dave", "erin"]

  validation {
    condition     = length(setintersection(var.operators, var.viewers)) == 0
    error_message = "An operator may look as well: name everybody once."
  }
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
