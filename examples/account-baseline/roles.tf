data "ram_caller_identity" "this" {}

# Developers deploy as this role, for an hour at a time. The trust policy opens
# the role to the account; the policy below says who in it may use it.
resource "ram_role" "deployer" {
  name                 = "deployer"
  description          = "Deploys functions"
  max_session_duration = 3600
  assume_role_policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { RAM = ["acs:ram::${data.ram_caller_identity.this.account_id}:root"] }
    }]
  })
}

resource "ram_policy_attachment" "deployer" {
  policy_name = "AliyunFCFullAccess"
  policy_type = "System"
  role_name   = ram_role.deployer.name
}

resource "ram_policy" "assume_deployer" {
  name        = "assume-deployer"
  description = "Take on the role deployer"
  policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect   = "Allow"
      Action   = "sts:AssumeRole"
      Resource = ram_role.deployer.arn
    }]
  })
}

resource "ram_policy_attachment" "assume_deployer" {
  policy_name = ram_policy.assume_deployer.name
  policy_type = "Custom"
  group_name  = ram_group.this["developers"].name
}
