# By kind/principal, where the kind is user, group or role:
terraform import ram_policy_attachments_exclusive.administrators group/administrators
