resource "ram_group" "auditors" {
  name = "auditors"
}

# A policy that Alibaba Cloud maintains.
resource "ram_policy_attachment" "auditors_read_everything" {
  policy_name = "ReadOnlyAccess"
  policy_type = "System"
  group_name  = ram_group.auditors.name
}

resource "ram_policy" "read_reports" {
  name = "read-reports"

  policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect   = "Allow"
      Action   = ["oss:GetObject", "oss:ListObjects"]
      Resource = ["acs:oss:*:*:reports", "acs:oss:*:*:reports/*"]
    }]
  })
}

resource "ram_user" "report_mailer" {
  name = "report-mailer"
}

# A policy of one's own.
resource "ram_policy_attachment" "report_mailer_reads_reports" {
  policy_name = ram_policy.read_reports.name
  policy_type = "Custom"
  user_name   = ram_user.report_mailer.name
}

# The same user may change what is in one resource group.
resource "ram_policy_attachment" "report_mailer_in_staging" {
  policy_name       = "AliyunOSSFullAccess"
  policy_type       = "System"
  user_name         = ram_user.report_mailer.name
  resource_group_id = "rg-acfmdefault0001"
}
