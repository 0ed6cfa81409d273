import {
  to = ram_policy.read_reports
  identity = {
    name = "read-reports"
  }
}
