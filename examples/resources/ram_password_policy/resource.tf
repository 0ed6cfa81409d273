# What is left out keeps the value that the account has.
resource "ram_password_policy" "this" {
  minimum_password_length        = 14
  require_lowercase_characters   = true
  require_uppercase_characters   = true
  require_numbers                = true
  require_symbols                = true
  password_not_contain_user_name = true
  password_reuse_prevention      = 8
  max_password_age               = 180
  max_login_attempts             = 5
  initial_password_age           = 7
}
