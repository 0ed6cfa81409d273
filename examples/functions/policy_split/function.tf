# As many policies as it takes.
locals {
  document = jsonencode({
    Version   = "1"
    Statement = [for bucket in range(100) : { Effect = "Allow", Action = "oss:GetObject", Resource = "acs:oss:*:*:reports-${bucket}/*" }]
  })
}

resource "ram_policy" "reports" {
  count           = length(provider::ram::policy_split(local.document))
  name            = "reports-${count.index}"
  policy_document = provider::ram::policy_split(local.document)[count.index]
}
