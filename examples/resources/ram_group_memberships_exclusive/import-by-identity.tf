import {
  to = ram_group_memberships_exclusive.administrators
  identity = {
    group_name = "administrators"
  }
}
