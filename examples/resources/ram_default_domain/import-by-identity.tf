import {
  to = ram_default_domain.this
  identity = {
    account_id = "1234567890123456"
  }
}
