# Everything the provider has that meets a secret, and one of everything else.
terraform {
  required_providers {
    ram = { source = "ram-provider/ram" }
  }
}

variable "write_only" {
  type      = string
  ephemeral = true
}

variable "plain" {
  type      = string
  sensitive = true
}

variable "turn" {
  type    = number
  default = 1
}

resource "ram_user" "people" {
  for_each = toset(["alice", "bob", "carol", "dave", "erin", "app", "sealed", "aged"])
  name     = each.key
}

resource "ram_login_profile" "alice" {
  user_name           = ram_user.people["alice"].name
  password_wo         = var.write_only
  password_wo_version = var.turn
}

resource "ram_login_profile" "bob" {
  user_name = ram_user.people["bob"].name
  password  = var.plain
}

resource "ram_login_profile" "carol" {
  user_name = ram_user.people["carol"].name

  generate_password {
    length              = 20
    rotate_when_changed = { turn = var.turn }
  }
}

resource "ram_login_profile" "dave" {
  user_name      = ram_user.people["dave"].name
  age_recipients = ["age1lvyvwawkr0mcnnnncaghunadrqkmuf9e6507x9y920xxpp866cnql7dp2z"]

  generate_password {
    length              = 20
    rotate_when_changed = { turn = var.turn }
  }
}

ephemeral "ram_password" "erin" {
  length = 24
}

resource "ram_login_profile" "erin" {
  user_name           = ram_user.people["erin"].name
  password_wo         = ephemeral.ram_password.erin.password
  password_wo_version = 1
}

resource "ram_virtual_mfa_device" "alice" {
  name      = "alice"
  user_name = ram_user.people["alice"].name
}

resource "ram_virtual_mfa_device" "dave" {
  name           = "dave"
  user_name      = ram_user.people["dave"].name
  age_recipients = ["age1lvyvwawkr0mcnnnncaghunadrqkmuf9e6507x9y920xxpp866cnql7dp2z"]
}

resource "ram_access_key" "app" {
  user_name           = ram_user.people["app"].name
  rotate_when_changed = { turn = var.turn }
}

resource "ram_access_key" "aged" {
  user_name           = ram_user.people["aged"].name
  rotate_when_changed = { turn = var.turn }
  age_recipients      = ["age1lvyvwawkr0mcnnnncaghunadrqkmuf9e6507x9y920xxpp866cnql7dp2z"]
}

resource "ram_access_key_policy" "app" {
  user_name     = ram_user.people["app"].name
  access_key_id = ram_access_key.app.access_key_id

  statement {
    type    = "ClassicWhiteList"
    ip_list = ["127.0.0.0/8"]
  }
}

resource "ram_role" "deployer" {
  name                        = "deployer"
  assume_role_policy_document = provider::ram::trust_policy_account("1234567890123456")
}

resource "ram_policy_attachment" "deployer" {
  policy_name = "AdministratorAccess"
  policy_type = "System"
  role_name   = ram_role.deployer.name
}

resource "ram_group" "ops" {
  name = "ops"
}

resource "ram_group_membership" "ops" {
  group_name = ram_group.ops.name
  user_names = [ram_user.people["alice"].name]
}
