data "ram_oidc_providers" "clusters" {
  name_regex = "^cluster-"
}

output "issuers" {
  value = { for p in data.ram_oidc_providers.clusters.oidc_providers : p.name => p.issuer_url }
}
