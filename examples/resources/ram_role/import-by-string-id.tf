import {
  to = ram_role.builder
  id = "builder"
}
