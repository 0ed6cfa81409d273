resource "ram_user" "alice" {
  name = "alice"
}

# By name, or by user_id, which no rename changes.
data "ram_user" "alice" {
  name = ram_user.alice.name
}

output "alice_last_logged_on" {
  value = data.ram_user.alice.last_login_date
}
