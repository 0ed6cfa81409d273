import {
  to = ram_service_linked_role.polardb
  id = "AliyunServiceRoleForPolarDB"
}
