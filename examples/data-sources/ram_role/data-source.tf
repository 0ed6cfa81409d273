resource "ram_role" "builder" {
  name = "builder"

  assume_role_policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = ["ecs.aliyuncs.com"] }
    }]
  })
}

data "ram_role" "builder" {
  name = ram_role.builder.name
}

output "who_may_be_builder" {
  value = jsondecode(data.ram_role.builder.assume_role_policy_document).Statement[*].Principal
}
