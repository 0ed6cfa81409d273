# By user:key-id; the secret cannot be imported:
terraform import ram_access_key.backup backup-job:LTAI5tExample
