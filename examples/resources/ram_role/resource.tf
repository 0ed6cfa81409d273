# ECS instances may take the role on.
resource "ram_role" "builder" {
  name                 = "builder"
  description          = "Builds and pushes images"
  max_session_duration = 7200

  assume_role_policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = ["ecs.aliyuncs.com"] }
    }]
  })
}

resource "ram_policy_attachment" "builder" {
  policy_name = "AliyunContainerRegistryFullAccess"
  policy_type = "System"
  role_name   = ram_role.builder.name
}
