# By the role's name:
terraform import ram_service_linked_role.polardb AliyunServiceRoleForPolarDB
