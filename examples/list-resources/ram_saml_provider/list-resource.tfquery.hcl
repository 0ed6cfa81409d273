list "ram_saml_provider" "all" {
  provider = ram
}
