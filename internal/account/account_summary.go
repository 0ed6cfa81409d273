package account

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// counters are numbers of an account: the attribute, the service's name and what is counted.
type counters []struct{ attribute, name, description string }

var quotas = counters{
	{"users", "UsersQuota", "RAM users in the account."},
	{"groups", "GroupsQuota", "Groups in the account."},
	{"roles", "RolesQuota", "Roles in the account."},
	{"policies", "PoliciesQuota", "Custom policies in the account."},
	{"virtual_mfa_devices", "VirtualMFADevicesQuota", "Virtual MFA devices in the account."},
	{"access_keys_per_user", "AccessKeysPerUserQuota", "Access keys of a user."},
	{"account_access_keys", "AccountAccessKeysPerAccountQuota", "Access keys of the account itself."},
	{"groups_per_user", "GroupsPerUserQuota", "Groups that a user can be in."},
	{"attached_policies_per_user", "AttachedPoliciesPerUserQuota", "Custom policies attached to a user."},
	{"attached_policies_per_group", "AttachedPoliciesPerGroupQuota", "Custom policies attached to a group."},
	{"attached_policies_per_role", "AttachedPoliciesPerRoleQuota", "Custom policies attached to a role."},
	{"attached_system_policies_per_user", "AttachedSystemPoliciesPerUserQuota", "System policies attached to a user."},
	{"attached_system_policies_per_group", "AttachedSystemPoliciesPerGroupQuota", "System policies attached to a group."},
	{"attached_system_policies_per_role", "AttachedSystemPoliciesPerRoleQuota", "System policies attached to a role."},
	{"policy_size", "PolicySizeQuota", "Characters of a policy document."},
	{"versions_per_policy", "VersionsPerPolicyQuota", "Versions of a custom policy."},
	{"conditions_per_ak_policy", "ConditionsPerAKPolicyQuota", "Statements of an access key's network policy."},
	{"ip_items_per_ak_policy", "IPItemsPerAKPolicyQuota", "Addresses in an access key's network policy."},
	{"service_credentials_per_user_per_service", "ServiceCredentialsPerUserPerServiceQuota", "Service credentials of a user for one service."},
}

var usage = counters{
	{"users", "Users", "RAM users."},
	{"groups", "Groups", "Groups."},
	{"roles", "Roles", "Roles."},
	{"policies", "Policies", "Custom policies."},
	{"mfa_devices", "MFADevices", "MFA devices, bound to a user or not."},
	{"mfa_devices_in_use", "MFADevicesInUse", "MFA devices that are bound to a user."},
}

func (all counters) schema(description string) schema.Attribute {
	attributes := map[string]schema.Attribute{}
	for _, c := range all {
		attributes[c.attribute] = schema.Int64Attribute{Computed: true, MarkdownDescription: c.description}
	}
	return schema.SingleNestedAttribute{Computed: true, MarkdownDescription: description, Attributes: attributes}
}

// object gives the counters of a summary, null for what the service does not count.
func (all counters) object(summary ramapi.AccountSummary) types.Object {
	kinds, values := map[string]attr.Type{}, map[string]attr.Value{}
	for _, c := range all {
		kinds[c.attribute], values[c.attribute] = types.Int64Type, types.Int64Null()
		if n, counted := summary[c.name]; counted {
			values[c.attribute] = types.Int64Value(n)
		}
	}
	return types.ObjectValueMust(kinds, values)
}
