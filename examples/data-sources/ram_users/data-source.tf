# Everybody with permission to do everything.
data "ram_users" "administrators" {
  policy_name = "AdministratorAccess"
  policy_type = "System"
}

# Users of one team, by their tags.
data "ram_users" "payments" {
  tags = {
    team = "payments"
  }
}

output "administrators" {
  value = data.ram_users.administrators.users[*].name
}

output "payments" {
  value = { for u in data.ram_users.payments.users : u.name => u.last_login_date }
}
