resource "ram_policy" "this" {
  for_each = var.policy_documents

  name            = each.key
  description     = "Of the team ${var.name}"
  policy_document = each.value
  tags            = var.tags
  force_destroy   = var.force_destroy
}

locals {
  policies = merge(
    { for name in var.system_policies : "System/${name}" => { type = "System", name = name } },
    { for name in var.custom_policies : "Custom/${name}" => { type = "Custom", name = name } },
    { for key, policy in ram_policy.this : "Custom/${key}" => { type = "Custom", name = policy.name } },
  )
}

resource "ram_policy_attachment" "this" {
  for_each = local.policies

  policy_name = each.value.name
  policy_type = each.value.type
  group_name  = ram_group.this.name
}
