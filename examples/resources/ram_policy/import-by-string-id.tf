import {
  to = ram_policy.read_reports
  id = "read-reports"
}
