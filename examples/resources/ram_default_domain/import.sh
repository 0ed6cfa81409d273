# By the ID of the account:
terraform import ram_default_domain.this 1234567890123456
