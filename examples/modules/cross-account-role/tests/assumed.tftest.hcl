# The other side. There is one account in the sandbox, so the role trusts its own.
provider "ram" {
  alias = "other_side"

  assume_role {
    role_arn    = run.role.assume_role.role_arn
    external_id = run.role.assume_role.external_id
  }
}

run "role" {
  module {
    source = "./tests/role"
  }
}

run "is_assumed_by_the_other_side" {
  module {
    source = "./tests/caller"
  }

  providers = {
    ram = ram.other_side
  }

  assert {
    condition     = strcontains(output.arn, "role/auditor/")
    error_message = "The other side works as somebody else."
  }
}
