resource "ram_user" "alice" {
  name = "alice"
}

# Another one in each run; the login gets it when password_wo_version changes.
ephemeral "ram_password" "alice" {
  user_name = ram_user.alice.name
}

# Give the same password to a write-only argument of a place where Alice finds it.
resource "ram_login_profile" "alice" {
  user_name               = ram_user.alice.name
  password_wo             = ephemeral.ram_password.alice.password
  password_wo_version     = 1
  password_reset_required = true
}
