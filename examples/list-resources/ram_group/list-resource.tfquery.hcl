list "ram_group" "operators" {
  provider         = ram
  include_resource = true

  config {
    name_regex = "-operators$"
  }
}
