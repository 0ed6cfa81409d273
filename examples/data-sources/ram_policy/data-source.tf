data "ram_policy" "oss" {
  name        = "AliyunOSSFullAccess"
  policy_type = "System"
}

output "what_full_access_to_oss_means" {
  value = jsondecode(data.ram_policy.oss.policy_document).Statement
}
