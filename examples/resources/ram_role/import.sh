# By the role's name:
terraform import ram_role.builder builder
