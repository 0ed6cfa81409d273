import {
  to = ram_access_key_policy.backup
  identity = {
    user_name     = "backup-job"
    access_key_id = "LTAI5tExample"
  }
}
