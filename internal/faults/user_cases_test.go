package faults

var userCases = []scenario{
	{
		// What depends on the user shows whether anything begins after Ctrl-C.
		after: `
			resource "ram_user" "alice" {
			  name         = "alice"
			  display_name = "Alice"
			  comments     = "new"
			}` + aliceKey,
		strikes: []strike{{action: "CreateUser"}},
	},
	{
		before: []string{`
			resource "ram_user" "alice" {
			  name     = "alice"
			  comments = "old"
			}`},
		after: `
			resource "ram_user" "alice" {
			  name     = "alice"
			  comments = "new"
			}`,
		strikes: []strike{{action: "UpdateUser", note: "comments"}},
	},
	{
		before:  []string{alice + ops + aliceKey + aliceInOps},
		after:   `resource "ram_user" "alice" { name = "alicia" }` + ops + aliceKey + aliceInOps,
		strikes: []strike{{action: "UpdateUser", note: "rename"}},
	},
	{
		before:  []string{alice + ops + aliceKey + aliceInOps},
		after:   ops,
		strikes: []strike{{action: "DeleteUser", conflict: "DeleteConflict.User.Group"}},
	},
}

var loginCases = []scenario{
	{
		before:  []string{alice},
		after:   alice + firstLogin,
		strikes: []strike{{action: "CreateLoginProfile"}},
	},
	{
		before: []string{alice + firstLogin},
		after: alice + `
			resource "ram_login_profile" "alice" {
			  user_name           = ram_user.alice.name
			  password_wo         = "Sec0nd-password!"
			  password_wo_version = 2
			  mfa_bind_required   = true
			}`,
		strikes: []strike{{action: "UpdateLoginProfile", note: "password"}},
	},
	{
		before: []string{alice + firstLogin},
		after: alice + `
			resource "ram_login_profile" "alice" {
			  user_name           = ram_user.alice.name
			  password_wo         = "First-passw0rd!"
			  password_wo_version = 1
			  mfa_bind_required   = false
			}`,
		strikes: []strike{{action: "UpdateLoginProfile", note: "MFA"}},
	},
	{
		before:  []string{alice + firstLogin},
		after:   alice,
		strikes: []strike{{action: "DeleteLoginProfile"}},
	},
}

var keyCases = []scenario{
	{
		before:  []string{alice},
		after:   alice + aliceKey,
		strikes: []strike{{action: "CreateAccessKey", thorough: true}},
	},
	{
		outside: alice + aliceKey,
		after:   `resource "ram_access_key" "alice" { user_name = "alice" }`,
		strikes: []strike{{action: "CreateAccessKey", note: "the user's second"}},
	},
	{
		before: []string{alice},
		after: alice + `
			resource "ram_access_key" "one" { user_name = ram_user.alice.name }
			resource "ram_access_key" "two" { user_name = ram_user.alice.name }`,
		strikes: []strike{{action: "CreateAccessKey", note: "two at once"}},
	},
	{
		before: []string{alice},
		after: alice + `
			resource "ram_access_key" "alice" {
			  user_name = ram_user.alice.name
			  status    = "Inactive"
			}`,
		strikes: []strike{{action: "CreateAccessKey", note: "Inactive"}, {action: "UpdateAccessKey", note: "new key"}},
	},
	{
		before: []string{alice + aliceKey},
		after: alice + `
			resource "ram_access_key" "alice" {
			  user_name = ram_user.alice.name
			  status    = "Inactive"
			}`,
		strikes: []strike{{action: "UpdateAccessKey"}},
	},
	{
		before:  []string{alice + aliceKey},
		after:   alice,
		strikes: []strike{{action: "DeleteAccessKey"}},
	},
}

// What hangs on a user who is destroyed by force comes from outside.
var forceUserCases = []scenario{
	{
		outside: alice + `
			resource "ram_group" "staff" { name = "staff" }
			resource "ram_access_key" "alice" { user_name = ram_user.alice.name }
			resource "ram_login_profile" "alice" {
			  user_name           = ram_user.alice.name
			  password_wo         = "First-passw0rd!"
			  password_wo_version = 1
			}
			resource "ram_group_membership" "staff" {
			  group_name = ram_group.staff.name
			  user_names = [ram_user.alice.name]
			}
			resource "ram_policy_attachment" "alice" {
			  policy_name = "ReadOnlyAccess"
			  policy_type = "System"
			  user_name   = ram_user.alice.name
			}`,
		mfaOf: "alice",
		before: []string{`
			import {
			  to = ram_user.alice
			  id = "alice"
			}
			resource "ram_user" "alice" {
			  name          = "alice"
			  force_destroy = true
			}`},
		strikes: []strike{
			{action: "DeleteAccessKey", note: "force_destroy"},
			{action: "DeleteLoginProfile", note: "force_destroy"},
			{action: "DetachPolicyFromUser", note: "force_destroy"},
			{action: "RemoveUserFromGroup", note: "force_destroy of a user"},
			{action: "DisableVirtualMFA", note: "force_destroy"},
			{action: "DeleteUser", note: "force_destroy", conflict: "DeleteConflict.User.AccessKey"},
		},
	},
}
