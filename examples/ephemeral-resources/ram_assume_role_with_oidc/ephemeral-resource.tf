# In a CI job, which finds a token of its identity provider in a file.
ephemeral "ram_assume_role_with_oidc" "ci" {
  role_arn          = "acs:ram::1234567890123456:role/ci"
  oidc_provider_arn = "acs:ram::1234567890123456:oidc-provider/ci"
  oidc_token_file   = "/var/run/secrets/oidc/token"
  session_name      = "pipeline"
}

# Another provider works as the role, without a key in the CI system:
#
#   provider "alicloud" {
#     access_key     = ephemeral.ram_assume_role_with_oidc.ci.access_key_id
#     secret_key     = ephemeral.ram_assume_role_with_oidc.ci.access_key_secret
#     security_token = ephemeral.ram_assume_role_with_oidc.ci.security_token
#   }
