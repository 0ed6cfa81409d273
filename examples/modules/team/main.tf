resource "ram_group" "this" {
  name          = var.name
  comments      = var.description
  force_destroy = var.force_destroy
}

resource "ram_group_membership" "this" {
  group_name = ram_group.this.name
  user_names = var.members
}
