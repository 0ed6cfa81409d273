# An identity policy. Its statements have a sid, so that others can replace them.
data "ram_policy_document" "logs" {
  statement {
    sid      = "read"
    action   = ["log:Get*", "log:List*"]
    resource = ["acs:log:*:*:project/app/*"]
  }

  statement {
    sid      = "only-with-mfa"
    effect   = "Deny"
    action   = ["log:Delete*"]
    resource = ["*"]

    condition {
      operator = "Bool"
      variable = "acs:MFAPresent"
      values   = ["false"]
    }
  }
}

# The same for another project, with more rights.
data "ram_policy_document" "audit_logs" {
  source_policy_documents = [data.ram_policy_document.logs.json_with_sids]

  statement {
    sid      = "read"
    action   = ["log:*"]
    resource = ["acs:log:*:*:project/audit/*"]
  }
}

resource "ram_policy" "audit_logs" {
  name            = "audit-logs"
  policy_document = data.ram_policy_document.audit_logs.json
}

# A trust policy: its statements have a principal and no resource.
data "ram_policy_document" "trust_in_ecs" {
  statement {
    action = ["sts:AssumeRole"]

    principal {
      type        = "Service"
      identifiers = ["ecs.aliyuncs.com"]
    }
  }
}

resource "ram_role" "log_keeper" {
  name                        = "log-keeper"
  assume_role_policy_document = data.ram_policy_document.trust_in_ecs.json
}
