import {
  to = ram_user_sso_settings.this
  id = "1234567890123456"
}
