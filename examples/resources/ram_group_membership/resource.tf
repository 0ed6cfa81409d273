resource "ram_user" "alice" {
  name = "alice"
}

resource "ram_user" "bob" {
  name = "bob"
}

resource "ram_group" "operators" {
  name = "operators"
}

# Members from elsewhere, such as another configuration, stay in the group.
resource "ram_group_membership" "operators" {
  group_name = ram_group.operators.name
  user_names = [ram_user.alice.name, ram_user.bob.name]
}
