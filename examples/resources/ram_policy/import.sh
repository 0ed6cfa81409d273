# By the policy's name:
terraform import ram_policy.read_reports read-reports
