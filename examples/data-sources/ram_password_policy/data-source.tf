data "ram_password_policy" "this" {}

output "shortest_password" {
  value = data.ram_password_policy.this.minimum_password_length
}
