variables {
  name                = "auditor"
  description         = "Looks at everything"
  trusted_account_ids = ["1234567890123456"]
  system_policies     = ["ReadOnlyAccess"]
  tags                = { used-by = "audit" }
}

run "is_for_people_of_two_accounts" {
  variables {
    trusted_account_ids  = ["1234567890123456"]
    trusted_arns         = ["acs:ram::2345678901234567:user/alice"]
    require_mfa          = true
    max_session_duration = 14400
  }

  assert {
    condition     = jsondecode(ram_role.this.assume_role_policy_document).Statement[0].Condition == { Bool = { "acs:MFAPresent" = ["true"] } }
    error_message = "The trust policy has other conditions."
  }
  assert {
    condition     = toset(jsondecode(ram_role.this.assume_role_policy_document).Statement[0].Principal.RAM) == toset(["acs:ram::1234567890123456:root", "acs:ram::2345678901234567:user/alice"])
    error_message = "The role trusts others."
  }
  assert {
    condition     = output.policies == toset(["System/ReadOnlyAccess"]) && ram_role.this.max_session_duration == 14400
    error_message = "The role may do something else, or for another time."
  }
  assert {
    condition     = output.assume_role.external_id == null && output.provider_block == "provider \"ram\" {\n  assume_role {\n    role_arn = \"${output.arn}\"\n  }\n}\n"
    error_message = "There is an external ID left."
  }
}

run "becomes_one_for_a_program_with_an_external_id" {
  variables {
    require_mfa   = false
    external_id   = "customer-4711"
    force_destroy = true
    first_id      = run.is_for_people_of_two_accounts.role_id

    policy_documents = {
      audit-logs = jsonencode({
        Version   = "1"
        Statement = [{ Effect = "Allow", Action = "log:Get*", Resource = "*" }]
      })
    }
  }

  assert {
    condition     = jsondecode(ram_role.this.assume_role_policy_document).Statement[0].Condition == { StringEquals = { "sts:ExternalId" = ["customer-4711"] } }
    error_message = "The trust policy has other conditions."
  }
  assert {
    condition     = jsondecode(output.caller_policy_document).Statement[0].Resource == output.arn && endswith(output.arn, ":role/auditor")
    error_message = "The policy for the other side is about another role."
  }
  assert {
    condition     = output.policies == toset(["Custom/audit-logs", "System/ReadOnlyAccess"]) && ram_role.this.max_session_duration == 3600 && output.role_id == var.first_id
    error_message = "The role may do something else, or for longer, or was replaced."
  }
  assert {
    condition     = ram_role.this.force_destroy && ram_policy.this["audit-logs"].force_destroy
    error_message = "The role or its policy would be kept by what it got elsewhere."
  }
  assert {
    condition     = ram_role.this.tags_all == tomap({ used-by = "audit" }) && ram_policy.this["audit-logs"].tags_all == tomap({ used-by = "audit" })
    error_message = "The tags are missing."
  }
  assert {
    condition = output.provider_block == <<-EOT
      provider "ram" {
        assume_role {
          role_arn    = "${output.arn}"
          external_id = "customer-4711"
        }
      }
    EOT

    error_message = "The provider block is another one."
  }
}
