# terraform apply -invoke=action.ram_unfreeze_user.alice
action "ram_unfreeze_user" "alice" {
  config {
    user_name = "alice"
  }
}
