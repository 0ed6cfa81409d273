list "ram_default_domain" "domain" {
  provider         = ram
  include_resource = true
}
