output "account_id" {
  description = "ID of the account."
  value       = data.ram_account.this.account_id
}

output "logon_url" {
  description = "Page where people log on."
  value       = data.ram_account.this.logon_url
}

output "default_domain" {
  description = "What follows the `@` in logon names."
  value       = data.ram_account.this.default_domain
}

output "administrators" {
  description = "The administrators by their keys, each with the outputs of the module `administrator`."
  value       = module.administrator
}

output "teams" {
  description = "The teams by their keys, each with the outputs of the module `team`."
  value       = module.team
}
