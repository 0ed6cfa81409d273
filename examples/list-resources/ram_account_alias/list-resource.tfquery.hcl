list "ram_account_alias" "alias" {
  provider         = ram
  include_resource = true
}
