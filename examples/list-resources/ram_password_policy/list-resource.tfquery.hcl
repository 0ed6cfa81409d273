list "ram_password_policy" "account" {
  provider         = ram
  include_resource = true
}
