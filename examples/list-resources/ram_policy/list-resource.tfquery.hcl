list "ram_policy" "logs" {
  provider         = ram
  include_resource = true

  config {
    keyword = "log"
  }
}
