terraform {
  required_version = ">= 1.11" # write-only arguments

  required_providers {
    ram = {
      source = "ram-provider/ram"
    }
  }
}

# Credentials come from the environment, such as ALIBABA_CLOUD_ACCESS_KEY_ID
# and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or from a profile of the aliyun CLI.
provider "ram" {
  default_tags {
    tags = {
      managed-by = "terraform"
      baseline   = "account"
    }
  }
}
