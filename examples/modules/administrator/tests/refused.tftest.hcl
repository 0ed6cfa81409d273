variables {
  name             = "alice-admin"
  initial_password = "Correct-horse-7-staple"
}

run "a_logon_name_is_no_name" {
  command = plan

  variables {
    name = "alice@example.onaliyun.com"
  }

  expect_failures = [var.name]
}

run "long_texts" {
  command = plan

  variables {
    display_name = format("%0129d", 0)
    description  = format("%0129d", 0)
  }

  expect_failures = [var.display_name, var.description]
}

run "a_short_password" {
  command = plan

  variables {
    initial_password = "short-7"
  }

  expect_failures = [var.initial_password]
}

run "tags_without_a_key" {
  command = plan

  variables {
    tags = { "" = "security" }
  }

  expect_failures = [var.tags]
}
