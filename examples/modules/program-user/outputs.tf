output "name" {
  description = "Name of the user."
  value       = ram_user.this.name
}

output "user_id" {
  description = "ID of the user, which no rename changes."
  value       = ram_user.this.user_id
}

output "arn" {
  description = "ARN of the user, for trust policies."
  value       = ram_user.this.arn
}

output "access_key_id" {
  description = "ID of the access key. It is not a secret."
  value       = ram_access_key.this.access_key_id
}

output "encrypted_secret" {
  description = "Secret of the access key, for those alone whom it is encrypted for: an armored file for `age -d -i KEY`, or, for `pgp_key`, the base64 of what `gpg -d` takes."
  value       = ram_access_key.this.encrypted_secret
}

output "encrypted_for" {
  description = "Fingerprint of the PGP key, or the age recipients, that the secret is encrypted for."
  value       = ram_access_key.this.key_fingerprint
}

output "previous_access_key_id" {
  description = "ID of the access key from before the last rotation; null where there is none."
  value       = ram_access_key.this.previous_access_key_id
}

output "policies" {
  description = "What the program may do, as `<type>/<name>` of the policies."
  value       = toset(keys(ram_policy_attachment.this))
}
