locals {
  people = { for person in csvdecode(file(var.users_file)) : person.id => person }
}

resource "ram_user" "person" {
  for_each = local.people

  name         = each.value.name
  display_name = each.value.display_name

  # Whoever leaves the file leaves the account, with the MFA device and the
  # memberships that a user has by then.
  force_destroy = true

  # Logon names end in the alias of the account.
  depends_on = [ram_account_alias.this]
}

# Everybody logs on with a password of their own, once: the first thing the
# console asks for is a new one, the second an MFA device. To tell Alice hers:
#
#   printf '%s/%s' "$TF_VAR_password_seed" 1001 | sha256sum | cut -c1-28
#
# with Aa1! in front: 32 characters of every kind, the longest that RAM takes.
resource "ram_login_profile" "person" {
  for_each = ram_user.person

  user_name               = each.value.name
  password_wo             = "Aa1!${substr(sha256("${var.password_seed}/${each.key}"), 0, 28)}"
  password_wo_version     = var.password_version
  password_reset_required = true
  mfa_bind_required       = true
}
