resource "ram_role" "web_server" {
  name                        = "web-server"
  assume_role_policy_document = provider::ram::trust_policy_service("ecs")
}
