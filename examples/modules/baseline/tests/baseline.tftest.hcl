# Advice of the provider would fail these tests.
provider "ram" {
  advisories = "error"

  default_tags {
    tags = { managed-by = "terraform" }
  }
}

variables {
  tags = { owner = "security" }
}

run "would_leave_the_settings_alone" {
  command = plan

  variables {
    administrators      = { alice = {} }
    initial_passwords   = { alice = "Correct-horse-7-staple" }
    password_policy     = null
    security_preference = null
  }

  assert {
    condition     = length(ram_account_alias.this) + length(ram_password_policy.this) + length(ram_security_preference.this) == 0
    error_message = "A setting of the account would change."
  }
}

run "an_account_from_the_start" {
  variables {
    account_alias     = "example-baseline"
    administrators    = { alice = { display_name = "Alice" }, bob = { name = "bob.admin" } }
    initial_passwords = { alice = "Correct-horse-7-staple", bob = "Correct-horse-8-staple" }

    teams = {
      security = { description = "Looks after RAM", members = ["alice", "bob"], system_policies = ["AliyunRAMFullAccess"] }
      auditors = {
        members = ["bob", "sandbox-admin"] # who is in every sandbox
        policy_documents = {
          read-trails = jsonencode({
            Version   = "1"
            Statement = [{ Effect = "Allow", Action = "actiontrail:Lookup*", Resource = "*" }]
          })
        }
      }
    }
  }

  assert {
    condition     = output.default_domain == "example-baseline.onaliyun.com" && output.administrators["alice"].logon_name == "alice@example-baseline.onaliyun.com"
    error_message = "People log on with other names."
  }
  assert {
    condition     = output.administrators["bob"].policies == toset(["System/AdministratorAccess"])
    error_message = "Bob is no administrator."
  }
  assert {
    condition     = output.teams["security"].members == toset(["alice", "bob.admin"]) && output.teams["auditors"].members == toset(["bob.admin", "sandbox-admin"]) && output.teams["auditors"].policies == toset(["Custom/read-trails"])
    error_message = "The teams have other members or policies."
  }
  assert {
    condition     = ram_password_policy.this[0].minimum_password_length == 14 && ram_security_preference.this[0].mfa_operation_for_login == "mandatory"
    error_message = "The account is less strict than the module says."
  }
}

run "bob_leaves_and_a_team_is_renamed" {
  variables {
    account_alias       = "example-baseline"
    administrators      = { alice = { name = "alice.admin", display_name = "Alice" } }
    initial_passwords   = {}
    password_policy     = { minimum_password_length = 16 }
    security_preference = { login_network_masks = ["203.0.113.0/24"] }

    teams = {
      security = { name = "security-team", description = "Looks after RAM", members = ["alice"] }
    }

    first_ids = { alice = run.an_account_from_the_start.administrators["alice"].user_id, security = run.an_account_from_the_start.teams["security"].group_id }
  }

  assert {
    condition     = toset(keys(output.administrators)) == toset(["alice"]) && output.administrators["alice"].logon_name == "alice.admin@example-baseline.onaliyun.com"
    error_message = "Bob should be gone, and Alice renamed."
  }
  assert {
    condition     = output.teams["security"].name == "security-team" && output.teams["security"].members == toset(["alice.admin"]) && output.teams["security"].policies == toset([])
    error_message = "The team should be renamed, without Bob and its policy."
  }
  assert {
    condition     = var.first_ids == { alice = output.administrators["alice"].user_id, security = output.teams["security"].group_id }
    error_message = "Alice or the team was replaced."
  }
  assert {
    condition     = ram_password_policy.this[0].minimum_password_length == 16 && ram_password_policy.this[0].require_symbols && ram_security_preference.this[0].login_network_masks == toset(["203.0.113.0/24"])
    error_message = "The settings do not follow."
  }
}
