data "ram_account" "this" {}

output "logon_page" {
  value = "${data.ram_account.this.logon_url} (log on as NAME@${data.ram_account.this.default_domain})"
}

# How many more roles the account can have.
output "roles_left" {
  value = data.ram_account.this.quotas.roles - data.ram_account.this.usage.roles
}
