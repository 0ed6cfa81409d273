# Who is an administrator.
list "ram_policy_attachment" "administrators" {
  provider = ram

  config {
    policy_name = "AdministratorAccess"
    policy_type = "System"
  }
}

# What one user has directly, for the account and within resource groups.
list "ram_policy_attachment" "alice" {
  provider         = ram
  include_resource = true

  config {
    user_name = "alice"
  }
}
