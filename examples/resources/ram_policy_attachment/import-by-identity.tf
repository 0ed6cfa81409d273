import {
  to = ram_policy_attachment.auditors_read_everything
  identity = {
    policy_type = "System"
    policy_name = "ReadOnlyAccess"
    group_name  = "auditors"
  }
}
