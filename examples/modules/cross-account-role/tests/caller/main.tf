# Who the provider works as.
terraform {
  required_providers {
    ram = {
      source = "ram-provider/ram"
    }
  }
}

data "ram_caller_identity" "this" {}

output "arn" {
  value = data.ram_caller_identity.this.arn
}
