import {
  to = ram_user_sso_settings.this
  identity = {
    account_id = "1234567890123456"
  }
}
