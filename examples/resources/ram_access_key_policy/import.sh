# By user:key-id:
terraform import ram_access_key_policy.backup backup-job:LTAI5tExample
