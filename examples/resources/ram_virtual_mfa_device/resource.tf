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

resource "ram_user" "bob" {
  name = "bob"
}

# The state has the seed only encrypted. Bob decrypts it and types it into an app:
# terraform output -raw bob_mfa | age --decrypt -i key.txt
resource "ram_virtual_mfa_device" "bob" {
  name           = "bob"
  user_name      = ram_user.bob.name
  age_recipients = ["age1vjpctcgp6ffeeqq3vmffz60h9wzysdh20dvkd4nxjm0r9k8e7f5s5tnmyw"] # Bob's
}

output "bob_mfa" {
  value = ram_virtual_mfa_device.bob.encrypted_base32_string_seed
}
