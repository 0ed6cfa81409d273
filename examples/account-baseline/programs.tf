# A program gets a user of its own, a key instead of a console login, and the
# one permission that it needs. Programs on ECS or Function Compute need no
# user at all: give those a role.
resource "ram_user" "backup" {
  name     = "backup"
  comments = "Program: writes the nightly backup"
}

resource "ram_access_key" "backup" {
  user_name = ram_user.backup.name
}

resource "ram_policy" "backup" {
  name        = "backup-writer"
  description = "Write to the backup bucket, nothing else"
  policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect   = "Allow"
      Action   = ["oss:PutObject", "oss:AbortMultipartUpload"]
      Resource = "acs:oss:*:*:${var.backup_bucket}/*"
    }]
  })
}

resource "ram_policy_attachment" "backup" {
  policy_name = ram_policy.backup.name
  policy_type = "Custom"
  user_name   = ram_user.backup.name
}
