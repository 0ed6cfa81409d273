resource "ram_role" "deployer" {
  name                 = "deployer"
  max_session_duration = 7200
  assume_role_policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { RAM = ["acs:ram::1234567890123456:root"] }
    }]
  })
}

ephemeral "ram_assume_role" "deployer" {
  role_arn         = ram_role.deployer.arn
  session_name     = "nightly"
  duration_seconds = 7200
}

# Another provider works as the role:
#
#   provider "alicloud" {
#     access_key     = ephemeral.ram_assume_role.deployer.access_key_id
#     secret_key     = ephemeral.ram_assume_role.deployer.access_key_secret
#     security_token = ephemeral.ram_assume_role.deployer.security_token
#   }
