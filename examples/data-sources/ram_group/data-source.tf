resource "ram_group" "developers" {
  name = "developers"
}

resource "ram_user" "alice" {
  name = "alice"
}

resource "ram_group_membership" "developers" {
  group_name = ram_group.developers.name
  user_names = [ram_user.alice.name]
}

data "ram_group" "developers" {
  name       = ram_group.developers.name
  depends_on = [ram_group_membership.developers]
}

output "developers" {
  value = data.ram_group.developers.members
}
