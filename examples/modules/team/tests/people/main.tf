# Users for the tests of the team.
terraform {
  required_providers {
    ram = {
      source = "ram-provider/ram"
    }
  }
}

variable "names" {
  type = set(string)
}

resource "ram_user" "this" {
  for_each = var.names

  name = each.key
}

output "names" {
  value = [for user in ram_user.this : user.name]
}

# Something that the account has already.
resource "ram_policy" "reports" {
  name = "reports"
  policy_document = jsonencode({
    Version   = "1"
    Statement = [{ Effect = "Allow", Action = "oss:GetObject", Resource = "acs:oss:*:*:reports/*" }]
  })
}

output "policy_name" {
  value = ram_policy.reports.name
}
