import {
  to = ram_access_key.backup
  id = "backup-job:LTAI5tExample"
}
