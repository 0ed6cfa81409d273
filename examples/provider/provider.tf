terraform {
  required_providers {
    ram = {
      source = "ram-provider/ram"
    }
  }
}

# Credentials come from the environment.
provider "ram" {
  # Stops everything if they turn out to belong to another account.
  allowed_account_ids = ["1234567890123456"]
}

resource "ram_user" "alice" {
  name         = "alice"
  display_name = "Alice"
}
