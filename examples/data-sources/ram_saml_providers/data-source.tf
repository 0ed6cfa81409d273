data "ram_saml_providers" "all" {}

output "saml_providers_with_an_old_algorithm" {
  value = [for p in data.ram_saml_providers.all.saml_providers : p.name if p.authn_sign_algo == "rsa-sha1"]
}
