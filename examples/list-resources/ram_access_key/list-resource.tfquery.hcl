# The keys of programs, whose users have names that begin with ci-.
list "ram_access_key" "ci" {
  provider = ram

  config {
    name_regex = "^ci-"
  }
}
