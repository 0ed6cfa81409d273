# Who is in which group: one result for each group.
list "ram_group_membership" "all" {
  provider         = ram
  include_resource = true
  limit            = 300
}
