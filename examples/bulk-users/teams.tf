resource "ram_group" "team" {
  for_each = local.teams

  name     = each.key
  comments = "Team ${each.key}"
}

resource "ram_group_membership" "team" {
  for_each = ram_group.team

  group_name = each.value.name
  user_names = [for id, person in local.people : ram_user.person[id].name if person.team == each.key]
}

resource "ram_policy_attachment" "team" {
  for_each = ram_group.team

  policy_name = "ReadOnlyAccess"
  policy_type = "System"
  group_name  = each.value.name
}
