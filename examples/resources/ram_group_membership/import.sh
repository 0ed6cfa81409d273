# The ID is the group and the users, or the group alone for everybody who is in it now.
terraform import ram_group_membership.operators operators/alice,bob
