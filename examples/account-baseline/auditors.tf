# Auditors from outside have no user here. They come through an identity provider
# and take on a role that may look at everything.
resource "ram_saml_provider" "company" {
  name                   = "company"
  description            = "The company's identity provider"
  saml_metadata_document = file(var.idp_metadata_file)
}

data "ram_policy_document" "trust_in_auditors" {
  statement {
    action = ["sts:AssumeRole"]

    principal {
      type        = "Federated"
      identifiers = [ram_saml_provider.company.arn]
    }

    # On the China site: https://signin.aliyun.com/saml-role/sso
    condition {
      operator = "StringEquals"
      variable = "saml:recipient"
      values   = ["https://signin.alibabacloud.com/saml-role/sso"]
    }
  }
}

resource "ram_role" "auditor" {
  name                        = "auditor"
  description                 = "Reads everything, changes nothing"
  assume_role_policy_document = data.ram_policy_document.trust_in_auditors.json
}

resource "ram_policy_attachment" "auditor" {
  for_each = toset(["ReadOnlyAccess", "AliyunActionTrailReadOnlyAccess"])

  policy_name = each.key
  policy_type = "System"
  role_name   = ram_role.auditor.name
}
