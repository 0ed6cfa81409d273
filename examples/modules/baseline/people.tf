module "administrator" {
  source   = "../administrator"
  for_each = var.administrators

  name                     = coalesce(each.value.name, each.key)
  display_name             = each.value.display_name
  description              = each.value.description
  initial_password         = lookup(var.initial_passwords, each.key, null)
  initial_password_version = var.initial_password_version
  force_destroy            = var.force_destroy
  tags                     = var.tags

  # Logon names end in the alias, and initial passwords fulfil the new policy.
  depends_on = [ram_account_alias.this, ram_password_policy.this]
}

module "team" {
  source   = "../team"
  for_each = var.teams

  name             = coalesce(each.value.name, each.key)
  description      = each.value.description
  members          = [for member in each.value.members : try(module.administrator[member].name, member)]
  system_policies  = each.value.system_policies
  custom_policies  = each.value.custom_policies
  policy_documents = each.value.policy_documents
  force_destroy    = var.force_destroy
  tags             = var.tags
}
