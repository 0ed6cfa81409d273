import {
  to = ram_policy_attachment.auditors_read_everything
  id = "System/ReadOnlyAccess/group/auditors"
}
