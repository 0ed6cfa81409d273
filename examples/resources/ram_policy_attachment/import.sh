# By type/policy/kind/principal, where the kind is user, group or role:
terraform import ram_policy_attachment.auditors_read_everything System/ReadOnlyAccess/group/auditors
