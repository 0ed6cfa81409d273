# Advice of the provider would fail these tests.
provider "ram" {
  advisories = "error"
}

variables {
  name = "alice-admin"
}

run "has_login_and_rights" {
  variables {
    initial_password = "Correct-horse-7-staple"
    display_name     = "Alice"
    tags             = { owner = "security" }
  }

  assert {
    condition     = startswith(output.logon_name, "alice-admin@") && output.login_status == "Active"
    error_message = "Alice cannot log on."
  }
  assert {
    condition     = ram_login_profile.this.mfa_bind_required && ram_login_profile.this.password_reset_required
    error_message = "The first logon has to ask for an own password and an MFA device."
  }
  assert {
    condition     = output.policies == toset(["System/AdministratorAccess"]) && ram_policy_attachment.this.principal_id == output.user_id
    error_message = "The user is no administrator."
  }
  assert {
    condition     = ram_user.this.tags_all == tomap({ owner = "security" })
    error_message = "The tags are missing."
  }
}

# The password is needed no more, nor set again.
run "would_be_renamed_without_a_password" {
  command = plan

  variables {
    name     = "alice"
    first_id = run.has_login_and_rights.user_id
  }

  assert {
    condition     = output.name == "alice" && output.user_id == var.first_id && ram_login_profile.this.user_id == var.first_id
    error_message = "The user or the login would be replaced."
  }
}

run "another_version_sets_the_password_again" {
  variables {
    name                     = "alice"
    first_id                 = run.has_login_and_rights.user_id
    initial_password         = "Another-horse-8-staple"
    initial_password_version = 2
    force_destroy            = true
  }

  assert {
    condition     = ram_login_profile.this.password_wo_version == 2 && ram_login_profile.this.password_wo == null
    error_message = "The password was not set, or is in the state."
  }
  assert {
    condition     = ram_user.this.force_destroy
    error_message = "An MFA device would keep the user."
  }
  assert {
    condition     = output.user_id == var.first_id && startswith(output.logon_name, "alice@")
    error_message = "The user was replaced."
  }
}
