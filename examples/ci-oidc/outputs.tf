output "role_arn" {
  description = "Role that the CI system asks for: ALIBABA_CLOUD_ROLE_ARN."
  value       = ram_role.deployer.arn
}

output "oidc_provider_arn" {
  description = "Provider that its tokens come from: ALIBABA_CLOUD_OIDC_PROVIDER_ARN."
  value       = ram_oidc_provider.ci.arn
}
