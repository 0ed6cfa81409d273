locals {
  # All of them have to be met.
  conditions = merge(
    var.require_mfa ? { mfa = { operator = "Bool", variable = "acs:MFAPresent", value = "true" } } : {},
    var.external_id != null ? { external_id = { operator = "StringEquals", variable = "sts:ExternalId", value = var.external_id } } : {},
  )
}

data "ram_policy_document" "trust" {
  statement {
    action = ["sts:AssumeRole"]

    principal {
      type        = "RAM"
      identifiers = setunion([for id in var.trusted_account_ids : "acs:ram::${id}:root"], var.trusted_arns)
    }

    dynamic "condition" {
      for_each = local.conditions

      content {
        operator = condition.value.operator
        variable = condition.value.variable
        values   = [condition.value.value]
      }
    }
  }
}

resource "ram_role" "this" {
  name                        = var.name
  description                 = var.description
  assume_role_policy_document = data.ram_policy_document.trust.json
  max_session_duration        = var.max_session_duration
  tags                        = var.tags
  force_destroy               = var.force_destroy
}
