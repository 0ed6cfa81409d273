package faults

const (
	onlyReadOnly = exclusiveHead + `{ policy_name = "ReadOnlyAccess", policy_type = "System" }]` + "\n"
	onlySupport  = exclusiveHead + `{ policy_name = "AliyunSupportFullAccess", policy_type = "System" }]` + "\n"

	exclusiveHead = `
		resource "ram_policy_attachments_exclusive" "it" {
		  policies = [`

	onlyAlice = `
		resource "ram_group_memberships_exclusive" "ops" {
		  user_names = [ram_user.alice.name]`
	onlyBob = `
		resource "ram_group_memberships_exclusive" "ops" {
		  user_names = [ram_user.bob.name]`

	ofAlice        = "user_name = ram_user.alice.name\n}\n"
	ofOps          = "\ngroup_name = ram_group.ops.name\n}\n"
	ofOpsWhole     = "\ngroup_name = ram_group.ops.name\ndetach_on_destroy = true\n}\n"
	ofBuilderWhole = "\nrole_name = ram_role.builder.name\ndetach_on_destroy = true\n}\n"
)

var exclusiveCases = []scenario{
	{
		before:  []string{ops},
		after:   ops + onlyReadOnly + ofOps,
		strikes: []strike{{action: "AttachPolicyToGroup", note: "exclusive"}},
	},
	{
		before: []string{alice + onlyReadOnly + ofAlice},
		after:  alice + onlySupport + ofAlice,
		strikes: []strike{
			{action: "AttachPolicyToUser", note: "exclusive, another"},
			{action: "DetachPolicyFromUser", note: "exclusive"},
		},
	},
	{
		before:  []string{builder + onlyReadOnly + ofBuilderWhole},
		after:   builder,
		strikes: []strike{{action: "DetachPolicyFromRole", note: "exclusive, on destroy"}},
	},
	{
		before:  []string{ops + alice},
		after:   ops + alice + onlyAlice + ofOps,
		strikes: []strike{{action: "AddUserToGroup", note: "exclusive"}},
	},
	{
		before: []string{ops + alice + bob + onlyAlice + ofOps},
		after:  ops + alice + bob + onlyBob + ofOps,
		strikes: []strike{
			{action: "AddUserToGroup", note: "exclusive, another"},
			{action: "RemoveUserFromGroup", note: "exclusive"},
		},
	},
	{
		before:  []string{ops + alice + onlyAlice + ofOpsWhole},
		after:   ops + alice,
		strikes: []strike{{action: "RemoveUserFromGroup", note: "exclusive, on destroy"}},
	},
}
