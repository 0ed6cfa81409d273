import {
  to = ram_account_alias.this
  id = "1234567890123456"
}
