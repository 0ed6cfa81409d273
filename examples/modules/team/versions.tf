terraform {
  required_version = ">= 1.11" # as the provider

  required_providers {
    ram = {
      source = "ram-provider/ram"
    }
  }
}
