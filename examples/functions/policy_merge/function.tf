locals {
  documents = [
    jsonencode({ Version = "1", Statement = [{ Effect = "Allow", Action = "oss:GetObject", Resource = "*" }] }),
    jsonencode({ Version = "1", Statement = [{ Effect = "Allow", Action = "log:GetLogStoreLogs", Resource = "*" }] }),
  ]
}

resource "ram_policy" "reader" {
  name            = "reader"
  policy_document = provider::ram::policy_merge(local.documents...)
}
