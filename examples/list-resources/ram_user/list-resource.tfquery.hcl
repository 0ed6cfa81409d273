# Everybody of one team.
list "ram_user" "platform" {
  provider = ram

  config {
    tags = { team = "platform" }
  }
}
