# Without user_names: everybody who is a member now.
import {
  to = ram_group_membership.operators
  identity = {
    group_name = "operators"
    user_names = ["alice", "bob"]
  }
}
