import {
  to = ram_group.operators
  id = "operators"
}
