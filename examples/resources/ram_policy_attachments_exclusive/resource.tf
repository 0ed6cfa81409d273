resource "ram_group" "administrators" {
  name = "administrators"
}

resource "ram_user" "alice" {
  name = "alice"
}

# Who is an administrator, and what administrators may do, is written here and
# nowhere else: what anybody adds by hand is in the next plan, and goes.
resource "ram_policy_attachments_exclusive" "administrators" {
  group_name        = ram_group.administrators.name
  detach_on_destroy = true

  policies = [
    { policy_name = "AdministratorAccess", policy_type = "System" },
  ]
}

resource "ram_group_memberships_exclusive" "administrators" {
  group_name        = ram_group.administrators.name
  user_names        = [ram_user.alice.name]
  detach_on_destroy = true
}
