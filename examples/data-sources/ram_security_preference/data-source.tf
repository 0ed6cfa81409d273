data "ram_security_preference" "this" {}

check "logon" {
  assert {
    condition     = data.ram_security_preference.this.mfa_operation_for_login == "mandatory"
    error_message = "Not everybody needs MFA to log on to the console."
  }
}
