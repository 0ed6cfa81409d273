# Advice of the provider would fail these tests.
provider "ram" {
  advisories = "error"
}

variables {
  name           = "backup"
  description    = "Copies snapshots every night"
  age_recipients = ["age18mw0qunu4xveehq7w5r46049c7umpeylw43myd6max9t8k2cr44sz65v8d"]
  previous_key   = "active"
  tags           = { program = "backup" }

  allowed_networks = ["203.0.113.0/24", "2001:db8::7"]
  allowed_vpcs     = { vpc-bp1234567890abcdef = ["0.0.0.0/0"] }

  policy_documents = {
    backup-writer = jsonencode({
      Version   = "1"
      Statement = [{ Effect = "Allow", Action = "oss:PutObject", Resource = "acs:oss:*:*:backup/*" }]
    })
  }
}

run "has_a_key_that_only_its_recipient_can_read" {
  assert {
    condition     = startswith(output.encrypted_secret, "-----BEGIN AGE ENCRYPTED FILE-----") && contains(var.age_recipients, output.encrypted_for)
    error_message = "The secret is not encrypted for the recipient."
  }
  assert {
    condition     = ram_access_key.this.access_key_secret == null && output.previous_access_key_id == null
    error_message = "The secret is in the state, or there is a second key."
  }
  assert {
    condition     = output.policies == toset(["Custom/backup-writer"]) && ram_policy_attachment.this["Custom/backup-writer"].principal_id == output.user_id
    error_message = "The program has other policies."
  }
  assert {
    condition     = ram_user.this.tags_all == tomap({ program = "backup" }) && ram_policy.this["backup-writer"].tags_all == tomap({ program = "backup" })
    error_message = "The tags are missing."
  }
  assert {
    condition     = ram_access_key_policy.this[0].access_key_id == output.access_key_id && length(ram_access_key_policy.this[0].statement) == 2 && length(ram_access_key_policy.previous) == 0
    error_message = "The key is accepted from elsewhere."
  }
}

run "a_changed_value_makes_a_new_key" {
  variables {
    rotate_when_changed = { turn = "2" }
    first_key           = run.has_a_key_that_only_its_recipient_can_read.access_key_id
    first_secret        = run.has_a_key_that_only_its_recipient_can_read.encrypted_secret
  }

  assert {
    condition     = output.previous_access_key_id == var.first_key && output.access_key_id != var.first_key && output.encrypted_secret != var.first_secret
    error_message = "There is no new key, or the old one is forgotten."
  }
  assert {
    condition     = ram_access_key.this.previous_access_key_status == "Active"
    error_message = "The program has no time to change to the new key."
  }
  assert {
    condition     = ram_access_key_policy.this[0].access_key_id == output.access_key_id && ram_access_key_policy.previous[0].access_key_id == var.first_key
    error_message = "One of the keys is accepted from everywhere."
  }
}

run "the_old_key_is_deleted_when_it_is_no_longer_needed" {
  variables {
    rotate_when_changed = { turn = "2" }
    previous_key        = "delete"
    second_key          = run.a_changed_value_makes_a_new_key.access_key_id
  }

  assert {
    condition     = output.access_key_id == var.second_key && output.previous_access_key_id == null && length(ram_access_key_policy.previous) == 0
    error_message = "The old key is still there, or the new one has changed."
  }
}

run "a_pgp_key_is_as_good" {
  variables {
    force_destroy       = true
    rotate_when_changed = { turn = "3" }
    age_recipients      = []

    # Fingerprint CA784F25EE2726330B53A5ED4FD09E820A012C8B
    pgp_key = "xjMEaVW5ABYJKwYBBAHaRw8BAQdAXRPFOejfGl/jNdnfVpBguWblLgXZpXIcfqFcTXMOPwrNB0V4YW1wbGXCvQQTFggAbwWCaVW5AAILBwkQT9CeggoBLIs1FAAAAAAAHAAQc2FsdEBub3RhdGlvbnMub3BlbnBncGpzLm9yZ1vF2qVBjxxf+ppCP/KWo3YCFQgCFgACGQECmwMCHgEWIQTKeE8l7icmMwtTpe1P0J6CCgEsiwAAT8AA/158GhyKkpU13yDmuWGc4nOeSBCR1oJ1jp1Ad35WIt2pAQDnr1FqxlYtK+A/wT8TWrrmM50xvlxStJADFDr7a6LMC844BGlVuQASCisGAQQBl1UBBQEBB0AHttQSLFeT7rppEnFgEReDySS++vnbyw0ouH84Gk/xCgMBCgnCrgQYFggAYAWCaVW5AAkQT9CeggoBLIs1FAAAAAAAHAAQc2FsdEBub3RhdGlvbnMub3BlbnBncGpzLm9yZ3Ym19Jjyo7PQNHxfV+8dHQCmwwWIQTKeE8l7icmMwtTpe1P0J6CCgEsiwAAhXQA/1KVGkwDGN/uwyVsyEvWHaHeMsuNIcJhBnV4XGDotD2iAQC+qMj3Cu4Rg3yXUbh9KYPkPXSzpb7NuQA38tBor2z1DQ=="

    second_key = run.the_old_key_is_deleted_when_it_is_no_longer_needed.access_key_id
  }

  assert {
    condition     = lower(output.encrypted_for) == lower("CA784F25EE2726330B53A5ED4FD09E820A012C8B") && startswith(output.encrypted_secret, "wV4D")
    error_message = "The secret is not encrypted for the PGP key."
  }
  assert {
    condition     = ram_user.this.force_destroy && ram_policy.this["backup-writer"].force_destroy
    error_message = "The user or its policy would be kept by what it got elsewhere."
  }
  assert {
    condition     = output.previous_access_key_id == var.second_key && ram_access_key.this.access_key_secret == null
    error_message = "The key was not rotated, or its secret is in the state."
  }
}

run "is_renamed_and_accepted_from_everywhere" {
  variables {
    name                = "nightly-backup"
    rotate_when_changed = { turn = "3" }
    allowed_networks    = []
    allowed_vpcs        = {}
    policy_documents    = {}
    system_policies     = ["AliyunOSSReadOnlyAccess"]
    third_key           = run.a_pgp_key_is_as_good.access_key_id
  }

  assert {
    condition     = output.access_key_id == var.third_key && ram_access_key.this.user_name == "nightly-backup"
    error_message = "The key should stay."
  }
  assert {
    condition     = length(ram_access_key_policy.this) + length(ram_access_key_policy.previous) == 0
    error_message = "The key should be accepted from everywhere."
  }
  assert {
    condition     = output.policies == toset(["System/AliyunOSSReadOnlyAccess"])
    error_message = "The program has other policies."
  }
}
