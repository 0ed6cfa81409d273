# What the account says of a group.
terraform {
  required_providers {
    ram = {
      source = "ram-provider/ram"
    }
  }
}

variable "group_name" {
  type = string
}

data "ram_group" "this" {
  name = var.group_name
}

output "members" {
  value = data.ram_group.this.members
}

data "ram_policy_attachments" "this" {
  group_name = var.group_name
}

output "policies" {
  value = [for a in data.ram_policy_attachments.this.attachments : "${a.policy_type}/${a.policy_name}"]
}
