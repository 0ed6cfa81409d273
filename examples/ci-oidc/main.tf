# A CI system deploys to Alibaba Cloud without an access key: it shows a token
# of its own, and gets the credentials of a role for an hour.
resource "ram_oidc_provider" "ci" {
  name                = "ci"
  description         = "Identity tokens of the CI system"
  issuer_url          = var.issuer_url
  fingerprints        = var.fingerprints
  client_ids          = [var.audience]
  issuance_limit_time = 1
}

# Everybody on the CI system can get tokens of this issuer. The condition on the
# subject is what keeps others out.
resource "ram_role" "deployer" {
  name                 = "ci-deployer"
  description          = "Deploys from the CI system"
  max_session_duration = 3600
  assume_role_policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Federated = [ram_oidc_provider.ci.arn] }
      Condition = { StringEquals = {
        "oidc:iss" = ram_oidc_provider.ci.issuer_url
        "oidc:aud" = var.audience
        "oidc:sub" = var.subject
      } }
    }]
  })
}

resource "ram_policy" "deploy" {
  name        = "ci-deploy"
  description = "Update functions, and read the images that they are made of"
  policy_document = jsonencode({
    Version = "1"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["fc:GetFunction", "fc:UpdateFunction", "fc:PublishFunctionVersion"]
        Resource = "acs:fc:*:*:functions/*"
      },
      {
        Effect   = "Allow"
        Action   = "cr:Get*"
        Resource = "*"
      },
    ]
  })
}

resource "ram_policy_attachment" "deploy" {
  policy_name = ram_policy.deploy.name
  policy_type = "Custom"
  role_name   = ram_role.deployer.name
}
