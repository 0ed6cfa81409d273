resource "ram_user" "deployer" {
  name     = "deployer"
  comments = "Deploys what CI has built"
}

# Another value makes a new key. The apply after that turns the old one off.
resource "ram_access_key" "deployer" {
  user_name           = ram_user.deployer.name
  rotate_when_changed = { turn = "1" } # or the id of a time_rotating
  previous_key        = "inactive"

  # Only who has the private key of this can read the secret.
  age_recipients = ["age18mw0qunu4xveehq7w5r46049c7umpeylw43myd6max9t8k2cr44sz65v8d"]
}

# terraform output -raw deployer_secret | age -d -i key.txt
output "deployer_secret" {
  value = ram_access_key.deployer.encrypted_secret
}
