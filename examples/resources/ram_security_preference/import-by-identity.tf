import {
  to = ram_security_preference.this
  identity = {
    account_id = "1234567890123456"
  }
}
