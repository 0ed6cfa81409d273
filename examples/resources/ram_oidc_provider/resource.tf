# The identity tokens of GitHub Actions. The data source ram_oidc_fingerprint
# gives the fingerprint of an issuer.
resource "ram_oidc_provider" "github" {
  name                = "github"
  description         = "GitHub Actions"
  issuer_url          = "https://token.actions.githubusercontent.com"
  fingerprints        = ["2b8f1b57330dbba2d07a6c51f70ee90ddab9ad8e"]
  client_ids          = ["sts.aliyuncs.com"]
  issuance_limit_time = 1
}

# Only the main branch of one repository takes on the role.
resource "ram_role" "deployer" {
  name = "deployer"
  assume_role_policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Federated = [ram_oidc_provider.github.arn] }
      Condition = { StringEquals = {
        "oidc:iss" = ram_oidc_provider.github.issuer_url
        "oidc:aud" = "sts.aliyuncs.com"
        "oidc:sub" = "repo:example/app:ref:refs/heads/main"
      } }
    }]
  })
}
