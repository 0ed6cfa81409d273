list "ram_role" "platform" {
  provider         = ram
  include_resource = true

  config {
    name_regex = "^platform-"
    tags       = { stage = "production" }
  }
}
