# Everything that Alibaba Cloud offers for OSS.
data "ram_policies" "oss" {
  policy_type = "System"
  keyword     = "oss"
}

# Policies of the account that are attached to nobody.
data "ram_policies" "own" {
  policy_type = "Custom"
}

output "oss_policies" {
  value = data.ram_policies.oss.policies[*].name
}

output "unused_policies" {
  value = [for p in data.ram_policies.own.policies : p.name if p.attachment_count == 0]
}
