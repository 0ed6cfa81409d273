# PolarDB may work with other services in the account.
resource "ram_service_linked_role" "polardb" {
  service_name = "polardb.aliyuncs.com"
}
