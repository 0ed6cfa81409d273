variables {
  name           = "backup"
  age_recipients = ["age18mw0qunu4xveehq7w5r46049c7umpeylw43myd6max9t8k2cr44sz65v8d"]
}

run "a_name_with_a_blank" {
  command = plan

  variables {
    name = "the backup"
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

run "a_secret_for_nobody" {
  command = plan

  variables {
    age_recipients = []
  }

  expect_failures = [var.age_recipients]
}

run "a_secret_in_two_forms" {
  command = plan

  variables {
    pgp_key = "mDMEZ0"
  }

  expect_failures = [var.age_recipients]
}

run "a_private_key" {
  command = plan

  variables {
    age_recipients = ["AGE-SECRET-KEY-1EXAMPLE"]
  }

  expect_failures = [var.age_recipients]
}

run "no_value_to_change_for_a_rotation" {
  command = plan

  variables {
    rotate_when_changed = {}
  }

  expect_failures = [var.rotate_when_changed]
}

run "another_fate_of_the_previous_key" {
  command = plan

  variables {
    previous_key = "forget"
  }

  expect_failures = [var.previous_key]
}

run "a_network_that_is_none" {
  command = plan

  variables {
    allowed_networks = ["203.0.113.0/33"]
  }

  expect_failures = [var.allowed_networks]
}

run "more_networks_than_a_key_can_have" {
  command = plan

  variables {
    allowed_networks = [for i in range(50) : "203.0.113.${i}"]
    allowed_vpcs     = { AllowAllVPC = ["0.0.0.0/0"] }
  }

  expect_failures = [var.allowed_networks]
}

run "a_vpc_by_its_name" {
  command = plan

  variables {
    allowed_vpcs = { office = ["0.0.0.0/0"] }
  }

  expect_failures = [var.allowed_vpcs]
}

run "a_vpc_without_addresses" {
  command = plan

  variables {
    allowed_vpcs = { vpc-bp1234567890abcdef = [] }
  }

  expect_failures = [var.allowed_vpcs]
}

run "policies_by_their_arns" {
  command = plan

  variables {
    system_policies = ["acs:ram::system:policy/ReadOnlyAccess"]
    custom_policies = ["acs:ram::1234567890123456:policy/reports"]
  }

  expect_failures = [var.system_policies, var.custom_policies]
}

run "more_policies_than_a_user_can_have" {
  command = plan

  variables {
    system_policies = [for i in range(21) : "System${i}"]
    custom_policies = [for i in range(11) : "custom-${i}"]
  }

  expect_failures = [var.system_policies, var.custom_policies]
}

run "more_policies_than_a_user_can_have_with_those_it_makes" {
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
    tags = { "" = "backup" }
  }

  expect_failures = [var.tags]
}
