# terraform apply -invoke=action.ram_freeze_user.alice
action "ram_freeze_user" "alice" {
  config {
    user_name = "alice"
  }
}
