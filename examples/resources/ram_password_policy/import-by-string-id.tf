import {
  to = ram_password_policy.this
  id = "1234567890123456"
}
