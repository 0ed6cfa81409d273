resource "ram_user" "backup" {
  name     = "backup-job"
  comments = "Copies snapshots every night"
}

resource "ram_access_key" "backup" {
  user_name = ram_user.backup.name
}

output "backup_access_key" {
  value = {
    id     = ram_access_key.backup.access_key_id
    secret = ram_access_key.backup.access_key_secret
  }
  sensitive = true
}
