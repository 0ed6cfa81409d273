variable "issuer_url" {
  description = "Issuer of the CI system's identity tokens. This one is GitHub Actions; https://gitlab.com is GitLab's."
  type        = string
  default     = "https://token.actions.githubusercontent.com"
}

# Look it up when you begin, and when sign-ons are refused with
# AuthenticationFail.OIDCToken.PublicKeyFingerprintMismatch:
#
#   data "ram_oidc_fingerprint" "ci" {
#     issuer_url = "https://token.actions.githubusercontent.com"
#   }
#   output "fingerprint" {
#     value = data.ram_oidc_fingerprint.ci.fingerprint
#   }
#
# To follow the issuer without looking, use the data source in place of the variable.
variable "fingerprints" {
  description = "SHA-1 fingerprints of the root certificates that the issuer's https certificate may lead to, up to 5."
  type        = set(string)
  default     = ["2b8f1b57330dbba2d07a6c51f70ee90ddab9ad8e"] # USERTrust RSA Certification Authority
}

variable "audience" {
  description = "Audience (aud) that the CI system puts into its tokens for Alibaba Cloud."
  type        = string
  default     = "sts.aliyuncs.com"
}

variable "subject" {
  description = "Subject (sub) of the tokens that may deploy: here, the main branch of one repository."
  type        = string
  default     = "repo:example/app:ref:refs/heads/main"
}
