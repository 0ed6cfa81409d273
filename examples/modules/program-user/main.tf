resource "ram_user" "this" {
  name          = var.name
  comments      = var.description
  tags          = var.tags
  force_destroy = var.force_destroy

  # When the user goes, it is taken out of groups first.
  lifecycle {
    create_before_destroy = true
  }
}
