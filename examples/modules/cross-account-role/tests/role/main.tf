# The role, for the account that it is in.
terraform {
  required_providers {
    ram = {
      source = "ram-provider/ram"
    }
  }
}

data "ram_caller_identity" "this" {}

module "role" {
  source = "../.."

  name                = "auditor"
  trusted_account_ids = [data.ram_caller_identity.this.account_id]
  require_mfa         = false
  external_id         = "customer-4711"
}

output "assume_role" {
  value = module.role.assume_role
}
