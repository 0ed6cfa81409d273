locals {
  # By the id that never changes: whoever gets another name in the file is
  # renamed, and keeps the login and the groups.
  people = { for person in csvdecode(file(var.people_file)) : person.id => person }

  teams = toset([for person in local.people : person.team])
}

resource "ram_user" "person" {
  for_each = local.people

  name         = each.value.name
  display_name = each.value.display_name
  tags         = { team = each.value.team }

  # Whoever leaves the file leaves the account, with the MFA device that a
  # person has made by then.
  force_destroy = true
}

# The first thing the console asks for is a password of the person's own, the
# second an MFA device. The initial password is told in outputs.tf.
resource "ram_login_profile" "person" {
  for_each = { for id, person in local.people : id => person if person.console == "yes" }

  user_name               = ram_user.person[each.key].name
  password_wo             = "Aa1!${substr(sha256("${var.password_seed}/${each.key}"), 0, 28)}"
  password_wo_version     = var.password_version
  password_reset_required = true
  mfa_bind_required       = true
}
