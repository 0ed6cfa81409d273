# Application monitoring (ARMS) for a team: operators may change what is
# watched and who is woken, everybody else may look.
locals {
  groups = {
    operators = { members = var.operators, policy = "AliyunARMSFullAccess", comments = "Change what ARMS watches" }
    viewers   = { members = var.viewers, policy = "AliyunARMSReadOnlyAccess", comments = "Look at what ARMS shows" }
  }
}

resource "ram_user" "member" {
  for_each = setunion(var.operators, var.viewers)

  name          = each.key
  comments      = "Monitoring team"
  force_destroy = true
}

resource "ram_login_profile" "member" {
  for_each = ram_user.member

  user_name               = each.value.name
  password_wo             = "Aa1!${substr(sha256("${var.password_seed}/${each.key}"), 0, 28)}"
  password_wo_version     = 1
  password_reset_required = true
  mfa_bind_required       = true
}

resource "ram_group" "this" {
  for_each = local.groups

  name     = "arms-${each.key}"
  comments = each.value.comments
}

resource "ram_group_membership" "this" {
  for_each = local.groups

  group_name = ram_group.this[each.key].name
  user_names = [for name in each.value.members : ram_user.member[name].name]
}

resource "ram_policy_attachment" "this" {
  for_each = local.groups

  policy_name = each.value.policy
  policy_type = "System"
  group_name  = ram_group.this[each.key].name
}
