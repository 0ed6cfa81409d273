locals {
  # What each group may do. People get permissions only through groups.
  groups = {
    operators = {
      comments = "Watch what runs"
      policies = ["AliyunARMSFullAccess", "AliyunCloudMonitorFullAccess"]
    }
    developers = {
      comments = "Read logs, and deploy by assuming the role deployer"
      policies = ["AliyunLogReadOnlyAccess"]
    }
    auditors = {
      comments = "Read everything, change nothing"
      policies = ["ReadOnlyAccess", "AliyunActionTrailReadOnlyAccess"]
    }
  }

  group_policies = merge([
    for group, settings in local.groups : {
      for policy in settings.policies : "${group}/${policy}" => { group = group, policy = policy }
    }
  ]...)
}

resource "ram_group" "this" {
  for_each = local.groups

  name     = each.key
  comments = each.value.comments
}

resource "ram_policy_attachment" "group" {
  for_each = local.group_policies

  policy_name = each.value.policy
  policy_type = "System"
  group_name  = ram_group.this[each.value.group].name
}

resource "ram_group_membership" "this" {
  for_each = ram_group.this

  group_name = each.value.name
  user_names = [
    for id, person in local.people : ram_user.person[id].name
    if contains(split(" ", person.groups), each.key)
  ]
}
