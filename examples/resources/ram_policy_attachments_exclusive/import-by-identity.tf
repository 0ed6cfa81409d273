# With user_name, group_name or role_name.
import {
  to = ram_policy_attachments_exclusive.administrators
  identity = {
    group_name = "administrators"
  }
}
