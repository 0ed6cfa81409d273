# What holds for the whole account. Destroying these gives back what was there.
resource "ram_account_alias" "this" {
  account_alias = var.account_alias
}

resource "ram_password_policy" "this" {
  minimum_password_length        = 14
  require_lowercase_characters   = true
  require_uppercase_characters   = true
  require_numbers                = true
  require_symbols                = true
  password_not_contain_user_name = true
  password_reuse_prevention      = 8
  max_login_attempts             = 5
}

# Nobody logs on without a second factor, and nobody makes access keys for
# themselves: programs get theirs in programs.tf.
resource "ram_security_preference" "this" {
  mfa_operation_for_login          = "mandatory"
  allow_user_to_change_password    = true
  allow_user_to_manage_mfa_devices = true
  allow_user_to_manage_access_keys = false
  login_session_duration           = 8
  max_idle_days_for_users          = 90
  max_idle_days_for_access_keys    = 90
}
