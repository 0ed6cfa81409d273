list "ram_service_linked_role" "all" {
  provider = ram
}
