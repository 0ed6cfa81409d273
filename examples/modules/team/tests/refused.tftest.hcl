variables {
  name = "monitoring"
}

run "a_name_with_a_blank" {
  command = plan

  variables {
    name = "the team"
  }

  expect_failures = [var.name]
}

run "a_long_description" {
  command = plan

  variables {
    description = format("%0129d", 0)
  }

  expect_failures = [var.description]
}

run "members_by_their_logon_names" {
  command = plan

  variables {
    members = ["alice@example.onaliyun.com"]
  }

  expect_failures = [var.members]
}

run "policies_by_their_arns" {
  command = plan

  variables {
    system_policies = ["acs:ram::system:policy/ReadOnlyAccess"]
    custom_policies = ["acs:ram::1234567890123456:policy/reports"]
  }

  expect_failures = [var.system_policies, var.custom_policies]
}

run "more_policies_than_a_group_can_have" {
  command = plan

  variables {
    system_policies = [for i in range(21) : "System${i}"]
    custom_policies = [for i in range(11) : "custom-${i}"]
  }

  expect_failures = [var.system_policies, var.custom_policies]
}

run "more_policies_than_a_group_can_have_with_those_it_makes" {
  command = plan

  variables {
    custom_policies  = [for i in range(10) : "custom-${i}"]
    policy_documents = { reports = "{\"Version\": \"1\", \"Statement\": []}" }
  }

  expect_failures = [var.policy_documents]
}

run "a_document_that_is_none" {
  command = plan

  variables {
    policy_documents = { reports = "oss:GetObject" }
  }

  expect_failures = [var.policy_documents]
}

run "a_document_with_a_blank_in_its_name" {
  command = plan

  variables {
    policy_documents = { "the reports" = "{\"Version\": \"1\", \"Statement\": []}" }
  }

  expect_failures = [var.policy_documents]
}

run "a_policy_that_is_made_and_there_already" {
  command = plan

  variables {
    custom_policies  = ["Reports"]
    policy_documents = { reports = "{\"Version\": \"1\", \"Statement\": []}" }
  }

  expect_failures = [var.policy_documents]
}

run "tags_without_a_key" {
  command = plan

  variables {
    tags = { "" = "monitoring" }
  }

  expect_failures = [var.tags]
}
