import {
  to = ram_default_domain.this
  id = "1234567890123456"
}
