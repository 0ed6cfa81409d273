# By the account's ID:
terraform import ram_password_policy.this 1234567890123456
