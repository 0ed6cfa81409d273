# Advice of the provider would fail these tests.
provider "ram" {
  advisories = "error"
}

variables {
  name        = "monitoring"
  description = "Watches what runs"
  tags        = { team = "monitoring" }
}

run "people" {
  variables {
    names = ["alice", "bob", "carol"]
  }

  module {
    source = "./tests/people"
  }
}

run "has_members_and_policies" {
  variables {
    members         = ["alice", "bob"]
    system_policies = ["AliyunARMSFullAccess", "ReadOnlyAccess"]
    custom_policies = [run.people.policy_name]

    policy_documents = {
      read-logs = jsonencode({
        Version   = "1"
        Statement = [{ Effect = "Allow", Action = "log:Get*", Resource = "*" }]
      })
    }
  }

  assert {
    condition     = output.name == "monitoring" && output.members == toset(["alice", "bob"])
    error_message = "The team has other members."
  }
  assert {
    condition     = output.policies == toset(["Custom/read-logs", "Custom/reports", "System/AliyunARMSFullAccess", "System/ReadOnlyAccess"])
    error_message = "The team has other policies."
  }
  assert {
    condition     = alltrue([for attachment in ram_policy_attachment.this : attachment.principal_id == output.group_id])
    error_message = "A policy is attached to somebody else."
  }
  assert {
    condition     = ram_policy.this["read-logs"].tags_all == tomap({ team = "monitoring" })
    error_message = "The tags are missing."
  }
}

run "members_and_policies_come_and_go" {
  variables {
    name            = "observability"
    members         = ["alice", "carol"]
    system_policies = ["ReadOnlyAccess"]
    force_destroy   = true
    first_id        = run.has_members_and_policies.group_id
  }

  assert {
    condition     = output.members == toset(["alice", "carol"]) && output.policies == toset(["System/ReadOnlyAccess"])
    error_message = "Bob should have left, Carol come, and three policies gone."
  }
  assert {
    condition     = output.group_id == var.first_id && ram_group.this.name == "observability" && ram_group.this.force_destroy
    error_message = "The group should be renamed, and no longer kept by members from elsewhere."
  }
}

run "the_account_has_the_same" {
  variables {
    group_name = "observability"
  }

  module {
    source = "./tests/account"
  }

  assert {
    condition     = output.members == tolist(["alice", "carol"]) && output.policies == ["System/ReadOnlyAccess"]
    error_message = "The account has other members or policies."
  }
}
