resource "ram_user" "this" {
  name          = var.name
  display_name  = var.display_name
  comments      = var.description
  tags          = var.tags
  force_destroy = var.force_destroy

  # When the user goes, it is taken out of groups first.
  lifecycle {
    create_before_destroy = true
  }
}

# The first thing that the console asks for is a password of the person's own,
# the second an MFA device.
resource "ram_login_profile" "this" {
  user_name               = ram_user.this.name
  password_wo             = var.initial_password
  password_wo_version     = var.initial_password_version
  password_reset_required = true
  mfa_bind_required       = true
}

resource "ram_policy_attachment" "this" {
  policy_name = "AdministratorAccess"
  policy_type = "System"
  user_name   = ram_user.this.name
}
