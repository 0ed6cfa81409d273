# The administrator who is not root. With this user in place, put the root's
# password away and delete its access keys.
resource "ram_user" "administrator" {
  name         = var.administrator_name
  display_name = "Administrator"
  comments     = "Takes over from the account's root"

  # Logon names end in the alias of the account.
  depends_on = [ram_account_alias.this]
}

resource "ram_login_profile" "administrator" {
  user_name               = ram_user.administrator.name
  password_wo             = "Aa1!${substr(sha256("${var.password_seed}/administrator"), 0, 28)}"
  password_wo_version     = var.password_version
  password_reset_required = true
  mfa_bind_required       = true
}

resource "ram_group" "administrators" {
  name     = "administrators"
  comments = "May do everything"
}

# Who is an administrator, and what administrators may do, is written here and
# nowhere else: what anybody adds by hand is in the next plan, by name, and goes.
resource "ram_group_memberships_exclusive" "administrators" {
  group_name        = ram_group.administrators.name
  user_names        = [ram_user.administrator.name]
  detach_on_destroy = true
}

resource "ram_policy_attachments_exclusive" "administrators" {
  group_name        = ram_group.administrators.name
  detach_on_destroy = true

  policies = [
    { policy_name = "AdministratorAccess", policy_type = "System" },
  ]
}
