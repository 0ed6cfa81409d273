resource "ram_group" "administrators" {
  name = "administrators"
}

resource "ram_user" "alice" {
  name = "alice"
}

resource "ram_user" "bob" {
  name = "bob"
}

# Anybody else who is put into the group is in the next plan, and goes.
resource "ram_group_memberships_exclusive" "administrators" {
  group_name        = ram_group.administrators.name
  user_names        = [ram_user.alice.name, ram_user.bob.name]
  detach_on_destroy = true
}

# Nor do the administrators get policies from elsewhere.
resource "ram_policy_attachments_exclusive" "administrators" {
  group_name        = ram_group.administrators.name
  detach_on_destroy = true

  policies = [
    { policy_name = "AdministratorAccess", policy_type = "System" },
  ]
}
