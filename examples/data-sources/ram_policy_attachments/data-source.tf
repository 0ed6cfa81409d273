# Who may do everything.
data "ram_policy_attachments" "administrators" {
  policy_name = "AdministratorAccess"
  policy_type = "System"
}

output "administrators" {
  value = [for a in data.ram_policy_attachments.administrators.attachments : "${a.principal_type} ${a.principal_name}"]
}

resource "ram_user" "alice" {
  name = "alice"
}

# What alice may do, and through which group.
data "ram_policy_attachments" "alice" {
  user_name      = ram_user.alice.name
  include_groups = true
}

output "policies_of_alice" {
  value = {
    for a in data.ram_policy_attachments.alice.attachments :
    a.policy_name => coalesce(a.via_group, "attached to alice")...
  }
}
