variables {
  name                = "auditor"
  trusted_account_ids = ["1234567890123456"]
  require_mfa         = true
}

run "a_name_with_a_blank" {
  command = plan

  variables {
    name = "the auditor"
  }

  expect_failures = [var.name]
}

run "a_long_description" {
  command = plan

  variables {
    description = format("%01025d", 0)
  }

  expect_failures = [var.description]
}

run "a_role_for_nobody" {
  command = plan

  variables {
    trusted_account_ids = []
  }

  expect_failures = [var.trusted_account_ids]
}

run "an_account_by_its_alias" {
  command = plan

  variables {
    trusted_account_ids = ["acme"]
  }

  expect_failures = [var.trusted_account_ids]
}

run "everybody_of_an_account_by_a_wildcard" {
  command = plan

  variables {
    trusted_arns = ["acs:ram::1234567890123456:user/*"]
  }

  expect_failures = [var.trusted_arns]
}

run "an_external_id_with_a_blank" {
  command = plan

  variables {
    external_id = "customer 4711"
  }

  expect_failures = [var.external_id]
}

run "an_external_id_that_is_too_long" {
  command = plan

  variables {
    external_id = format("%01225d", 0)
  }

  expect_failures = [var.external_id]
}

run "a_session_of_a_day" {
  command = plan

  variables {
    max_session_duration = 86400
  }

  expect_failures = [var.max_session_duration]
}

run "policies_by_their_arns" {
  command = plan

  variables {
    system_policies = ["acs:ram::system:policy/ReadOnlyAccess"]
    custom_policies = ["acs:ram::1234567890123456:policy/reports"]
  }

  expect_failures = [var.system_policies, var.custom_policies]
}

run "more_policies_than_a_role_can_have" {
  command = plan

  variables {
    system_policies = [for i in range(21) : "System${i}"]
    custom_policies = [for i in range(11) : "custom-${i}"]
  }

  expect_failures = [var.system_policies, var.custom_policies]
}

run "more_policies_than_a_role_can_have_with_those_it_makes" {
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
    tags = { "" = "audit" }
  }

  expect_failures = [var.tags]
}
