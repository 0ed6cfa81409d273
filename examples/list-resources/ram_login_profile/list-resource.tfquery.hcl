# Who may log on to the console, with the settings of each login.
list "ram_login_profile" "all" {
  provider         = ram
  include_resource = true
}
