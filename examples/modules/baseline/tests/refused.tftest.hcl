variables {
  administrators    = { alice = {} }
  initial_passwords = { alice = "Correct-horse-7-staple" }
}

run "an_alias_with_capitals" {
  command = plan

  variables {
    account_alias = "Acme"
  }

  expect_failures = [var.account_alias]
}

run "an_alias_of_two_letters" {
  command = plan

  variables {
    account_alias = "ac"
  }

  expect_failures = [var.account_alias]
}

run "short_passwords" {
  command = plan

  variables {
    password_policy = { minimum_password_length = 6 }
  }

  expect_failures = [var.password_policy]
}

run "another_use_of_mfa" {
  command = plan

  variables {
    security_preference = { mfa_operation_for_login = "optional" }
  }

  expect_failures = [var.security_preference]
}

run "an_idle_time_that_ram_does_not_have" {
  command = plan

  variables {
    security_preference = { max_idle_days_for_users = 30 }
  }

  expect_failures = [var.security_preference]
}

run "another_end_of_the_settings" {
  command = plan

  variables {
    on_destroy = "delete"
  }

  expect_failures = [var.on_destroy]
}

run "an_account_without_an_administrator" {
  command = plan

  variables {
    administrators    = {}
    initial_passwords = {}
  }

  expect_failures = [var.administrators]
}

run "two_administrators_of_one_name" {
  command = plan

  variables {
    administrators = { alice = {}, bob = { name = "Alice" } }
  }

  expect_failures = [var.administrators]
}

run "a_password_for_somebody_else" {
  command = plan

  variables {
    initial_passwords = { alice = "Correct-horse-7-staple", mallory = "Correct-horse-9-staple" }
  }

  expect_failures = [var.initial_passwords]
}

run "two_teams_of_one_name" {
  command = plan

  variables {
    teams = { auditors = {}, security = { name = "auditors" } }
  }

  expect_failures = [var.teams]
}

run "tags_without_a_key" {
  command = plan

  variables {
    tags = { "" = "security" }
  }

  expect_failures = [var.tags]
}
