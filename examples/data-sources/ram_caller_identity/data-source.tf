data "ram_caller_identity" "current" {}

# Whoever runs Terraform may take on a role that trusts the account.
locals {
  trust_policy = jsonencode({
    Version = "1"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { RAM = ["acs:ram::${data.ram_caller_identity.current.account_id}:root"] }
    }]
  })
}

output "terraform_runs_as" {
  value = data.ram_caller_identity.current.arn
}
