import {
  to = ram_login_profile.alice
  id = "alice"
}
