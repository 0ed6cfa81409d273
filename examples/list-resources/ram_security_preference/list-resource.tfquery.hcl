list "ram_security_preference" "account" {
  provider         = ram
  include_resource = true
}
