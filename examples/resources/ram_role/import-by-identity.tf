import {
  to = ram_role.builder
  identity = {
    name = "builder"
  }
}
