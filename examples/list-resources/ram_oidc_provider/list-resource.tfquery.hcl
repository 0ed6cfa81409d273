list "ram_oidc_provider" "ci" {
  provider         = ram
  include_resource = true

  config {
    name_regex = "^ci"
  }
}
