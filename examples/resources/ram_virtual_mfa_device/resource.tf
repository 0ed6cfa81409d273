resource "ram_user" "alice" {
  name         = "alice"
  display_name = "Alice"
}

# Bound at once. Alice scans the picture with an app, which then shows the codes.
resource "ram_virtual_mfa_device" "alice" {
  name      = "alice"
  user_name = ram_user.alice.name
}

# terraform output -raw alice_mfa, opened in a browser
output "alice_mfa" {
  value     = ram_virtual_mfa_device.alice.qr_code_png
  sensitive = true
}
