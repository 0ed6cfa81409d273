terraform {
  required_version = ">= 1.11" # write-only arguments

  required_providers {
    ram = {
      source = "ram-provider/ram"
    }
  }
}
