output "name" {
  description = "Name of the role."
  value       = ram_role.this.name
}

output "role_id" {
  description = "ID of the role."
  value       = ram_role.this.role_id
}

output "arn" {
  description = "ARN of the role, which the other side assumes. RAM may write the name in lower case."
  value       = ram_role.this.arn
}

output "policies" {
  description = "What the role may do, as `<type>/<name>` of the policies."
  value       = toset(keys(ram_policy_attachment.this))
}

output "caller_policy_document" {
  description = "Policy that the other account attaches to the users and roles of its own that are to assume the role."
  value = jsonencode({
    Version   = "1"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Resource = ram_role.this.arn }]
  })
}

output "assume_role" {
  description = "`role_arn` and `external_id` for the `assume_role` block of a provider of the same configuration."
  value       = { role_arn = ram_role.this.arn, external_id = var.external_id }
}

output "provider_block" {
  description = "Provider block to hand to the other side: a configuration that works in this account as the role. For roles that do not require MFA."
  value = join("\n", concat(
    ["provider \"ram\" {", "  assume_role {"],
    var.external_id == null ? [
      "    role_arn = \"${ram_role.this.arn}\"",
      ] : [
      "    role_arn    = \"${ram_role.this.arn}\"",
      "    external_id = \"${var.external_id}\"",
    ],
    ["  }", "}", ""],
  ))
}
