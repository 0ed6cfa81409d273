# Everybody needs MFA, and logs on to the console from the office or the VPN.
# What is left out keeps the value that the account has.
resource "ram_security_preference" "this" {
  mfa_operation_for_login       = "mandatory"
  login_session_duration        = 8
  login_network_masks           = ["192.0.2.0/24", "198.51.100.17"]
  max_idle_days_for_users       = 90
  max_idle_days_for_access_keys = 90
}
