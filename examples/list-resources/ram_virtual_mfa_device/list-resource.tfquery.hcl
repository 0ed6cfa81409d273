list "ram_virtual_mfa_device" "all" {
  provider = ram
  limit    = 1000
}
