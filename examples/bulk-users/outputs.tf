data "ram_account" "this" {}

output "logon_url" {
  description = "Where people log on."
  value       = data.ram_account.this.logon_url
}

# To tell Alice her initial password:
#
#   printf '%s/%s' "$TF_VAR_password_seed" 2001 | sha256sum | cut -c1-28
#
# with Aa1! in front.
output "logon_names" {
  description = "Name that everybody logs on with, by id."
  value       = { for id, login in ram_login_profile.person : id => ram_user.person[id].user_principal_name }
}
