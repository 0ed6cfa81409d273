# Users log on as alice@acme-prod.onaliyun.com.
resource "ram_account_alias" "this" {
  account_alias = "acme-prod"
}
