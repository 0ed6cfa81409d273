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

resource "ram_user" "bob" {
  name = "bob"
}

# A generated password, which the state has only encrypted:
# terraform output -raw bob_password | age --decrypt -i key.txt
resource "ram_login_profile" "bob" {
  user_name               = ram_user.bob.name
  password_reset_required = true
  age_recipients          = ["age1vjpctcgp6ffeeqq3vmffz60h9wzysdh20dvkd4nxjm0r9k8e7f5s5tnmyw"] # Bob's

  generate_password {
    length              = 24
    rotate_when_changed = { reset = "1" } # change it to have another one set
  }
}

output "bob_password" {
  value = ram_login_profile.bob.encrypted_password
}
