# By the account's ID:
terraform import ram_security_preference.this 1234567890123456
