import {
  to = ram_group_memberships_exclusive.administrators
  id = "administrators"
}
