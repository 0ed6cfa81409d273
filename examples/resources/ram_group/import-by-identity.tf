import {
  to = ram_group.operators
  identity = {
    name = "operators"
  }
}
