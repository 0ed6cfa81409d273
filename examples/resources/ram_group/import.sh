# The ID is the group's name.
terraform import ram_group.operators operators
