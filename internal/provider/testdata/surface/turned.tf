# With the role in place the provider works as it, with an STS token, and hands on credentials of another session.
provider "ram" {
  allow_lockout = true # for a plan to destroy it all

  assume_role {
    role_arn = "acs:ram::1234567890123456:role/deployer"
  }
}

ephemeral "ram_assume_role" "other" {
  role_arn     = ram_role.deployer.arn
  session_name = "other"
}

provider "ram" {
  alias             = "other"
  access_key_id     = ephemeral.ram_assume_role.other.access_key_id
  access_key_secret = ephemeral.ram_assume_role.other.access_key_secret
  security_token    = ephemeral.ram_assume_role.other.security_token
}

resource "ram_group" "other" {
  provider = ram.other
  name     = "other"
}
