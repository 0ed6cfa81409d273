# The roles that services of Alibaba Cloud have made for themselves.
data "ram_roles" "of_services" {
  name_regex = "^AliyunServiceRoleFor"
}

output "roles_of_services" {
  value = { for r in data.ram_roles.of_services.roles : r.name => r.arn }
}
