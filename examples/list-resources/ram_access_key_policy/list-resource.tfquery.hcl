list "ram_access_key_policy" "backup" {
  provider         = ram
  include_resource = true

  config {
    user_name = "backup-job"
  }
}
