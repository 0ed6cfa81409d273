resource "ram_user" "late" {
  name = "late"
}

resource "ram_access_key" "late" {
  user_name = ram_user.late.name
}
