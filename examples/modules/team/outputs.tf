output "name" {
  description = "Name of the group."
  value       = ram_group.this.name
}

output "group_id" {
  description = "ID of the group, which no rename changes."
  value       = ram_group.this.group_id
}

output "members" {
  description = "Names of the users whom this module put into the team."
  value       = ram_group_membership.this.user_names
}

output "policies" {
  description = "What the team may do, as `<type>/<name>` of the policies."
  value       = toset(keys(ram_policy_attachment.this))
}
