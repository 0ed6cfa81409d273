# By the ID of the account:
terraform import ram_user_sso_settings.this 1234567890123456
