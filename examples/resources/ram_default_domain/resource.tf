# Users log on as alice@acme_prod.onaliyun.com.
resource "ram_default_domain" "this" {
  default_domain_name = "acme_prod.onaliyun.com"
}
