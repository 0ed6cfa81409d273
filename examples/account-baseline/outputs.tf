data "ram_account" "this" {}

output "logon_url" {
  description = "Where people log on."
  value       = data.ram_account.this.logon_url
}

output "logon_names" {
  description = "Name that everybody logs on with."
  value = merge(
    { (ram_user.administrator.name) = ram_user.administrator.user_principal_name },
    { for user in ram_user.person : user.name => user.user_principal_name },
  )
}

output "deployer_role_arn" {
  description = "Role that developers assume to deploy."
  value       = ram_role.deployer.arn
}

output "auditor_role_arn" {
  description = "Role that auditors take on through the identity provider."
  value       = ram_role.auditor.arn
}

output "backup_access_key_id" {
  description = "Access key of the backup program."
  value       = ram_access_key.backup.access_key_id
}

output "backup_access_key_secret" {
  description = "Its secret, which is in the state as well: read it once with `terraform output -raw backup_access_key_secret`."
  value       = ram_access_key.backup.access_key_secret
  sensitive   = true
}
