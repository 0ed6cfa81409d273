output "name" {
  description = "Name of the user."
  value       = ram_user.this.name
}

output "user_id" {
  description = "ID of the user, which no rename changes."
  value       = ram_user.this.user_id
}

output "arn" {
  description = "ARN of the user, for trust policies."
  value       = ram_user.this.arn
}

output "logon_name" {
  description = "Name to log on with, `<name>@<default domain of the account>`."
  value       = ram_user.this.user_principal_name
}

output "login_status" {
  description = "`Active`, or `Inactive` while the user cannot log on, for one because it is frozen."
  value       = ram_login_profile.this.effective_status
}

output "policies" {
  description = "What the user may do, as `<type>/<name>` of the policies."
  value       = toset(["System/${ram_policy_attachment.this.policy_name}"])
}
