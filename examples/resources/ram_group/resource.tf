resource "ram_group" "operators" {
  name     = "operators"
  comments = "People who run the production systems"
}
