resource "ram_policy" "read_reports" {
  name        = "read-reports"
  description = "Read the monthly reports, from the office only"

  policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect    = "Allow"
      Action    = ["oss:GetObject", "oss:ListObjects"]
      Resource  = ["acs:oss:*:*:reports", "acs:oss:*:*:reports/*"]
      Condition = { IpAddress = { "acs:SourceIp" = "203.0.113.0/24" } }
    }]
  })
}
