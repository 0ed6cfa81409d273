# By the ID of the account:
terraform import ram_account_alias.this 1234567890123456
