import {
  to = ram_policy_attachments_exclusive.administrators
  id = "group/administrators"
}
