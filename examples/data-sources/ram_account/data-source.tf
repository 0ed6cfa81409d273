data "ram_account" "this" {}

output "logon_page" {
  value = "${data.ram_account.this.logon_url} (log on as NAME@${data.ram_account.this.default_domain})"
}
