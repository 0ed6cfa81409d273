resource "ram_role" "auditor" {
  name                        = "auditor"
  assume_role_policy_document = provider::ram::trust_policy_account("1234567890123456")
}
