# One of each resource, with what a state can have.
terraform {
  required_providers {
    ram = { source = "ram-provider/ram" }
  }
}

locals {
  age_recipient = "age1vjpctcgp6ffeeqq3vmffz60h9wzysdh20dvkd4nxjm0r9k8e7f5s5tnmyw"

  document = jsonencode({
    Version   = "1"
    Statement = [{ Effect = "Allow", Action = ["oss:GetObject"], Resource = ["acs:oss:*:*:reports/*"] }]
  })

  metadata = <<-XML
    <md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example.com/saml">
      <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
        <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.example.com/saml/sso"/>
      </md:IDPSSODescriptor>
    </md:EntityDescriptor>
  XML
}

resource "ram_user" "alice" {
  name          = "alice"
  display_name  = "Alice"
  email         = "alice@example.com"
  mobile_phone  = "86-13900001111"
  comments      = "On call"
  force_destroy = true
  tags          = { team = "operations" }
  frozen        = false
}

resource "ram_user" "bob" {
  name = "bob"
}

resource "ram_user" "job" {
  name = "job"
}

resource "ram_login_profile" "alice" {
  user_name               = ram_user.alice.name
  password_wo             = "Thr0w-away+pass/word"
  password_wo_version     = 1
  password_reset_required = true
  mfa_bind_required       = true
}

resource "ram_login_profile" "bob" {
  user_name      = ram_user.bob.name
  age_recipients = [local.age_recipient]

  generate_password {
    length              = 24
    rotate_when_changed = { turn = "1" }
  }
}

resource "ram_virtual_mfa_device" "alice" {
  name           = "alice"
  user_name      = ram_user.alice.name
  age_recipients = [local.age_recipient]
}

resource "ram_access_key" "job" {
  user_name           = ram_user.job.name
  age_recipients      = [local.age_recipient]
  rotate_when_changed = { turn = "1" }
  previous_key        = "inactive"
}

resource "ram_access_key_policy" "job" {
  user_name     = ram_user.job.name
  access_key_id = ram_access_key.job.access_key_id

  statement {
    type    = "ClassicWhiteList"
    ip_list = ["203.0.113.0/24"]
  }

  statement {
    type    = "VPCWhiteList"
    value   = "vpc-bp1234567890abcdef"
    ip_list = ["0.0.0.0/0"]
  }
}

resource "ram_group" "operators" {
  name          = "operators"
  comments      = "People who run the production systems"
  force_destroy = true
}

resource "ram_group" "administrators" {
  name = "administrators"
}

resource "ram_group_membership" "operators" {
  group_name = ram_group.operators.name
  user_names = [ram_user.alice.name, ram_user.bob.name]
}

resource "ram_group_memberships_exclusive" "administrators" {
  group_name        = ram_group.administrators.name
  user_names        = [ram_user.alice.name]
  detach_on_destroy = true
}

resource "ram_policy" "reports" {
  name            = "read-reports"
  description     = "Read the reports"
  policy_document = local.document
  tags            = { team = "operations" }
}

resource "ram_policy_attachment" "operators" {
  group_name  = ram_group.operators.name
  policy_name = ram_policy.reports.name
  policy_type = "Custom"
}

resource "ram_policy_attachment" "staging" {
  user_name         = ram_user.job.name
  policy_name       = "AliyunOSSFullAccess"
  policy_type       = "System"
  resource_group_id = "rg-acfmdefault0001"
}

resource "ram_policy_attachment" "auditor" {
  role_name   = ram_role.auditor.name
  policy_name = "ReadOnlyAccess"
  policy_type = "System"
}

resource "ram_policy_attachments_exclusive" "administrators" {
  group_name        = ram_group.administrators.name
  policies          = [{ policy_name = "AliyunLogReadOnlyAccess", policy_type = "System" }]
  detach_on_destroy = true
}

resource "ram_role" "auditor" {
  name                   = "auditor"
  description            = "May look at everything"
  max_session_duration   = 7200
  allow_trust_broadening = true
  force_destroy          = true
  tags                   = { team = "audit" }

  assume_role_policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Federated = [ram_saml_provider.directory.arn] }
      Condition = { StringEquals = { "saml:recipient" = "https://signin.alibabacloud.com/saml-role/sso" } }
    }]
  })
}

resource "ram_service_linked_role" "polardb" {
  service_name = "polardb.aliyuncs.com"
}

resource "ram_saml_provider" "directory" {
  name                   = "directory"
  description            = "Everybody who works here"
  authn_sign_algo        = "rsa-sha256"
  saml_metadata_document = local.metadata
}

resource "ram_oidc_provider" "github" {
  name                = "github"
  description         = "GitHub Actions"
  issuer_url          = "https://token.actions.githubusercontent.com"
  fingerprints        = ["2b8f1b57330dbba2d07a6c51f70ee90ddab9ad8e"]
  client_ids          = ["sts.aliyuncs.com"]
  issuance_limit_time = 1
}

resource "ram_user_sso_settings" "this" {
  sso_enabled           = false
  sso_login_with_domain = true
  metadata_document     = local.metadata
}

resource "ram_account_alias" "this" {
  account_alias = "example-states"
  on_destroy    = "keep"
}

resource "ram_default_domain" "this" {
  default_domain_name = "example-states.onaliyun.com"
}

resource "ram_password_policy" "this" {
  minimum_password_length      = 14
  require_lowercase_characters = true
  max_password_age             = 180
}

resource "ram_security_preference" "this" {
  mfa_operation_for_login = "adaptive"
  login_session_duration  = 8
  login_network_masks     = ["192.0.2.0/24"]
  verification_types      = ["sms"]
}
