output "trust_policy" {
  value = provider::ram::trust_policy_saml("acs:ram::1234567890123456:saml-provider/directory")
}
