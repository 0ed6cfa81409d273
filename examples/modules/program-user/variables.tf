variable "name" {
  description = "Name of the user: 1 to 64 letters, digits, `.`, `-` and `_`. Another name renames the user, whose keys go on working."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9._-]{1,64}$", var.name))
    error_message = "The name of a user is 1 to 64 letters, digits, \".\", \"-\" and \"_\"."
  }
}

variable "description" {
  description = "What the program does, up to 128 characters."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = length(var.description) <= 128
    error_message = "RAM keeps up to 128 characters about a user."
  }
}

variable "system_policies" {
  description = "Names of policies of Alibaba Cloud's, such as `ReadOnlyAccess`, up to 20."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for name in var.system_policies : can(regex("^[A-Za-z0-9-]{1,128}$", name))])
    error_message = "The name of a policy is 1 to 128 letters, digits and \"-\"."
  }
  validation {
    condition     = length(var.system_policies) <= 20
    error_message = "RAM attaches up to 20 system policies to one user, group or role."
  }
}

variable "custom_policies" {
  description = "Names of policies that the account has already, such as `ram_policy.reports.name`, up to 10 with those of `policy_documents`."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for name in var.custom_policies : can(regex("^[A-Za-z0-9-]{1,128}$", name))])
    error_message = "The name of a policy is 1 to 128 letters, digits and \"-\"."
  }
  validation {
    condition     = length(var.custom_policies) <= 10
    error_message = "RAM attaches up to 10 custom policies to one user, group or role."
  }
}

variable "policy_documents" {
  description = "Policies to make and attach: documents as JSON by the name of the policy, which the account must not have yet."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.policy_documents) : can(regex("^[A-Za-z0-9-]{1,128}$", name))])
    error_message = "The name of a policy is 1 to 128 letters, digits and \"-\"."
  }
  validation {
    condition     = alltrue([for document in var.policy_documents : can(jsondecode(document).Statement)])
    error_message = "A policy document is JSON with a Statement, such as the json of a ram_policy_document."
  }
  validation {
    condition     = length(setintersection([for name in keys(var.policy_documents) : lower(name)], [for name in var.custom_policies : lower(name)])) == 0
    error_message = "A policy of policy_documents is attached as it is: do not name it in custom_policies too."
  }
  validation {
    condition     = length(var.policy_documents) + length(var.custom_policies) <= 10
    error_message = "RAM attaches up to 10 custom policies to one user, group or role, those of custom_policies among them."
  }
}

variable "age_recipients" {
  description = "Public age keys, `age1…`, of those who are to have the secret of the key. Give these or `pgp_key`."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for key in var.age_recipients : startswith(key, "age1")])
    error_message = "An age recipient is a public key and begins with \"age1\"; AGE-SECRET-KEY-1… is the private one, which stays with its owner."
  }
  validation {
    condition     = (length(var.age_recipients) > 0) != (var.pgp_key != null)
    error_message = "Say whom the secret of the key is encrypted for: age_recipients or pgp_key, one of them."
  }
}

variable "pgp_key" {
  description = "Public PGP key, armored or the base64 of its binary form, of whoever is to have the secret of the key. Give this or `age_recipients`."
  type        = string
  default     = null
}

variable "rotate_when_changed" {
  description = "Any values, such as `{ turn = time_rotating.keys.id }`: when one of them changes, the program gets a new key. Values given later to a key that had none are only recorded."
  type        = map(string)
  default     = { turn = "1" }
  nullable    = false

  validation {
    condition     = length(var.rotate_when_changed) > 0
    error_message = "Give a value, such as { turn = \"1\" }: the first change of one that was not there turns nothing."
  }
}

variable "previous_key" {
  description = "What the first apply after a rotation does with the key from before: `inactive` turns it off, `active` leaves it on until the next rotation, `delete` deletes it."
  type        = string
  default     = "inactive"
  nullable    = false

  validation {
    condition     = contains(["inactive", "active", "delete"], var.previous_key)
    error_message = "previous_key is \"inactive\", \"active\" or \"delete\"."
  }
}

variable "allowed_networks" {
  description = "Addresses and networks in CIDR form that the keys are accepted from over the internet. From everywhere when this and `allowed_vpcs` are empty."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for network in var.allowed_networks : can(cidrhost(strcontains(network, "/") ? network : "${network}/32", 0))])
    error_message = "Write addresses as 203.0.113.7 or 2001:db8::7, networks as 203.0.113.0/24."
  }
  validation {
    condition     = length(var.allowed_networks) + sum(concat([0], [for networks in var.allowed_vpcs : length(networks)])) <= 50
    error_message = "RAM keeps up to 50 addresses about a key, those of allowed_vpcs among them."
  }
}

variable "allowed_vpcs" {
  description = "Private addresses and networks that the keys are accepted from, by the ID of their VPC; `AllowAllVPC` stands for all VPCs. `[\"0.0.0.0/0\"]` is the whole VPC."
  type        = map(set(string))
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for vpc in keys(var.allowed_vpcs) : vpc == "AllowAllVPC" || startswith(vpc, "vpc-")])
    error_message = "The key is the ID of a VPC, \"vpc-…\", or \"AllowAllVPC\"."
  }
  validation {
    condition     = alltrue([for networks in var.allowed_vpcs : length(networks) > 0])
    error_message = "Say which addresses of each VPC: [\"0.0.0.0/0\"] is all of them."
  }
}

variable "force_destroy" {
  description = "Whether destroying the user also removes what it got elsewhere: another access key, groups, policies; and its own policies are detached from whoever else has them. Otherwise such a user, or policy, is not deleted."
  type        = bool
  default     = false
  nullable    = false
}

variable "tags" {
  description = "Tags of the user and of the policies of `policy_documents`, up to 20 with the provider's `default_tags`."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key, value in var.tags : length(key) >= 1 && length(key) <= 128 && length(value) <= 128])
    error_message = "The keys of a user's tags have 1 to 128 characters, the values up to 128."
  }
}
