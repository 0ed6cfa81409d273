# By serial number or by name; the seed cannot be imported:
terraform import ram_virtual_mfa_device.alice acs:ram::1234567890123456:mfa/alice
