resource "ram_user" "backup" {
  name = "backup-job"
}

resource "ram_access_key" "backup" {
  user_name = ram_user.backup.name
}

# From the office over the internet, and from anywhere in one VPC.
resource "ram_access_key_policy" "backup" {
  user_name     = ram_user.backup.name
  access_key_id = ram_access_key.backup.access_key_id

  statement {
    type    = "ClassicWhiteList"
    ip_list = ["203.0.113.0/24", "2001:db8:85a3::/48"]
  }

  statement {
    type    = "VPCWhiteList"
    value   = "vpc-bp1234567890abcdef"
    ip_list = ["0.0.0.0/0"]
  }
}
