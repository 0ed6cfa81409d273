data "ram_access_keys" "all" {
  status = "Active"
}

# Keys that nobody has used for three months.
output "unused_keys" {
  value = [
    for key in data.ram_access_keys.all.access_keys : "${key.user_name}: ${key.access_key_id}"
    if timecmp(coalesce(key.last_used_date, key.create_date), timeadd(plantimestamp(), "-2160h")) < 0
  ]
}
