output "arn" {
  value = provider::ram::arn_build("oss", "*", "1234567890123456", "reports/*") # acs:oss:*:1234567890123456:reports/*
}
