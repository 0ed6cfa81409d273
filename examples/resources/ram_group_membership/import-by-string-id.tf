# id = "operators" imports everybody who is in the group now.
import {
  to = ram_group_membership.operators
  id = "operators/alice,bob"
}
