import {
  to = ram_virtual_mfa_device.alice
  identity = {
    serial_number = "acs:ram::1234567890123456:mfa/alice"
  }
}
