data "ram_credential_report" "this" {}

check "everybody_has_mfa" {
  assert {
    condition     = length(local.without_mfa) == 0
    error_message = "Without MFA: ${join(", ", local.without_mfa)}."
  }
}

locals {
  # mfa_active is null for users without a console login.
  without_mfa = [for user in data.ram_credential_report.this.users : user.user_name if user.mfa_active == false]
}
