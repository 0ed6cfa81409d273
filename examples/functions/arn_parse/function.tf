# The account that a role of somebody else's is in.
output "account_id" {
  value = provider::ram::arn_parse("acs:ram::1234567890123456:role/builder").account_id
}
