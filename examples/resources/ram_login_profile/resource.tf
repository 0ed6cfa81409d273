variable "initial_password" {
  description = "Password for Alice's first logon."
  type        = string
  sensitive   = true
  ephemeral   = true
}

resource "ram_user" "alice" {
  name = "alice"
}

# Alice logs on with the initial password, chooses her own, and binds an MFA device.
resource "ram_login_profile" "alice" {
  user_name               = ram_user.alice.name
  password_wo             = var.initial_password
  password_wo_version     = 1 # raise it to set the password again
  password_reset_required = true
}
