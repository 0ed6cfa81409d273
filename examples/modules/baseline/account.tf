resource "ram_account_alias" "this" {
  count = var.account_alias != null ? 1 : 0

  account_alias = var.account_alias
  on_destroy    = var.on_destroy
}

resource "ram_password_policy" "this" {
  count = var.password_policy != null ? 1 : 0

  minimum_password_length        = var.password_policy.minimum_password_length
  require_lowercase_characters   = var.password_policy.require_lowercase_characters
  require_uppercase_characters   = var.password_policy.require_uppercase_characters
  require_numbers                = var.password_policy.require_numbers
  require_symbols                = var.password_policy.require_symbols
  password_not_contain_user_name = var.password_policy.password_not_contain_user_name
  password_reuse_prevention      = var.password_policy.password_reuse_prevention
  max_password_age               = var.password_policy.max_password_age
  max_login_attempts             = var.password_policy.max_login_attempts
  initial_password_age           = var.password_policy.initial_password_age
  on_destroy                     = var.on_destroy
}

resource "ram_security_preference" "this" {
  count = var.security_preference != null ? 1 : 0

  mfa_operation_for_login          = var.security_preference.mfa_operation_for_login
  enable_save_mfa_ticket           = var.security_preference.enable_save_mfa_ticket
  login_session_duration           = var.security_preference.login_session_duration
  login_network_masks              = var.security_preference.login_network_masks
  allow_user_to_change_password    = var.security_preference.allow_user_to_change_password
  allow_user_to_manage_mfa_devices = var.security_preference.allow_user_to_manage_mfa_devices
  allow_user_to_manage_access_keys = var.security_preference.allow_user_to_manage_access_keys
  max_idle_days_for_users          = var.security_preference.max_idle_days_for_users
  max_idle_days_for_access_keys    = var.security_preference.max_idle_days_for_access_keys
  on_destroy                       = var.on_destroy
}

data "ram_account" "this" {
  # The alias decides what people log on with.
  depends_on = [ram_account_alias.this]
}
