locals {
  written = "{\"Version\":\"1\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"oss:GetObject\"],\"Resource\":\"*\"}]}"
  meant = jsonencode({
    Version   = "1"
    Statement = [{ Effect = "Allow", Action = "oss:GetObject", Resource = "*" }]
  })
}

output "is_the_usual_one" {
  value = provider::ram::policy_equivalent(local.written, local.meant) # true
}
