list "ram_user_sso_settings" "account" {
  provider         = ram
  include_resource = true
}
