resource "ram_access_key" "this" {
  user_name           = ram_user.this.name
  rotate_when_changed = var.rotate_when_changed
  previous_key        = var.previous_key
  age_recipients      = length(var.age_recipients) > 0 ? var.age_recipients : null
  pgp_key             = var.pgp_key
}

locals {
  networks = concat(
    length(var.allowed_networks) > 0 ? [{ type = "ClassicWhiteList", vpc = null, addresses = var.allowed_networks }] : [],
    [for vpc, addresses in var.allowed_vpcs : { type = "VPCWhiteList", vpc = vpc, addresses = addresses }],
  )
}

resource "ram_access_key_policy" "this" {
  count = length(local.networks) > 0 ? 1 : 0

  user_name     = ram_user.this.name
  access_key_id = ram_access_key.this.access_key_id

  dynamic "statement" {
    for_each = local.networks

    content {
      type    = statement.value.type
      value   = statement.value.vpc
      ip_list = statement.value.addresses
    }
  }
}

# The key from before a rotation is accepted from the same networks, for as
# long as there is one.
resource "ram_access_key_policy" "previous" {
  count = length(local.networks) > 0 && ram_access_key.this.previous_access_key_id != null ? 1 : 0

  user_name     = ram_user.this.name
  access_key_id = ram_access_key.this.previous_access_key_id

  dynamic "statement" {
    for_each = local.networks

    content {
      type    = statement.value.type
      value   = statement.value.vpc
      ip_list = statement.value.addresses
    }
  }

  # A rotation takes the policy off what is now the previous key, first.
  depends_on = [ram_access_key_policy.this]
}
