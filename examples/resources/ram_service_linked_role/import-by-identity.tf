import {
  to = ram_service_linked_role.polardb
  identity = {
    name = "AliyunServiceRoleForPolarDB"
  }
}
