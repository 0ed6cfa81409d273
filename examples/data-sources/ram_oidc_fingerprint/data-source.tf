data "ram_oidc_fingerprint" "github" {
  issuer_url = "https://token.actions.githubusercontent.com"
}

resource "ram_oidc_provider" "github" {
  name         = "github"
  issuer_url   = data.ram_oidc_fingerprint.github.issuer_url
  fingerprints = [data.ram_oidc_fingerprint.github.fingerprint]
  client_ids   = ["sts.aliyuncs.com"]
}
