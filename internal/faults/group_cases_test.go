package faults

// bob is there besides alice.
const bob = "\n" + `resource "ram_user" "bob" { name = "bob" }`

const bothInOps = `
	resource "ram_group_membership" "ops" {
	  group_name = ram_group.ops.name
	  user_names = [ram_user.alice.name, ram_user.bob.name]
	}`

var groupCases = []scenario{
	{
		after: `
			resource "ram_group" "ops" {
			  name     = "ops"
			  comments = "new"
			}` + alice + aliceInOps,
		strikes: []strike{{action: "CreateGroup"}},
	},
	{
		before: []string{`
			resource "ram_group" "ops" {
			  name     = "ops"
			  comments = "old"
			}`},
		after: `
			resource "ram_group" "ops" {
			  name     = "ops"
			  comments = "new"
			}`,
		strikes: []strike{{action: "UpdateGroup", note: "comments"}},
	},
	{
		before:  []string{ops + alice + aliceInOps + readLogs + readerOnOps},
		after:   `resource "ram_group" "ops" { name = "operators" }` + alice + aliceInOps + readLogs + readerOnOps,
		strikes: []strike{{action: "UpdateGroup", note: "rename"}},
	},
	{
		before:  []string{ops + alice + aliceInOps},
		after:   alice,
		strikes: []strike{{action: "DeleteGroup", conflict: "DeleteConflict.Group.User"}},
	},
	{
		before:  []string{ops + alice},
		after:   ops + alice + aliceInOps,
		strikes: []strike{{action: "AddUserToGroup"}},
	},
	{
		before:  []string{ops + alice + bob + aliceInOps},
		after:   ops + alice + bob + bothInOps,
		strikes: []strike{{action: "AddUserToGroup", note: "one more"}},
	},
	{
		before:  []string{ops + alice + bob},
		after:   ops + alice + bob + bothInOps,
		strikes: []strike{{action: "AddUserToGroup", note: "first of two"}},
	},
	{
		before:  []string{ops + alice + bob + bothInOps},
		after:   ops + alice + bob,
		strikes: []strike{{action: "RemoveUserFromGroup"}},
	},
	{
		before:  []string{ops + alice + bob + bothInOps},
		after:   ops + alice + bob + aliceInOps,
		strikes: []strike{{action: "RemoveUserFromGroup", note: "one of two"}},
	},
	{
		outside: `
			resource "ram_user" "alice" { name = "alice" }
			resource "ram_group" "ops" { name = "ops" }
			resource "ram_group_membership" "ops" {
			  group_name = ram_group.ops.name
			  user_names = [ram_user.alice.name]
			}
			resource "ram_policy_attachment" "ops" {
			  policy_name = "ReadOnlyAccess"
			  policy_type = "System"
			  group_name  = ram_group.ops.name
			}`,
		before: []string{`
			import {
			  to = ram_group.ops
			  id = "ops"
			}
			resource "ram_group" "ops" {
			  name          = "ops"
			  force_destroy = true
			}`},
		strikes: []strike{
			{action: "RemoveUserFromGroup", note: "force_destroy of a group"},
			{action: "DetachPolicyFromGroup", note: "force_destroy"},
			{action: "DeleteGroup", note: "force_destroy", conflict: "DeleteConflict.Group.Policy"},
		},
	},
}
