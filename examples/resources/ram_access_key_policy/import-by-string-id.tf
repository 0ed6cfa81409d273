import {
  to = ram_access_key_policy.backup
  id = "backup-job:LTAI5tExample"
}
