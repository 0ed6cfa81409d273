# Jobs of the main branch of one repository.
output "trust_policy" {
  value = provider::ram::trust_policy_oidc(
    "acs:ram::1234567890123456:oidc-provider/github",
    "https://token.actions.githubusercontent.com",
    ["sts.aliyuncs.com"],
    ["repo:example/app:ref:refs/heads/main"],
  )
}
