resource "ram_user" "alice" {
  name         = "alice"
  display_name = "Alice"
  comments     = "Operations"
}
