package faults

// inStaging is within the resource group that every account has.
const inStaging = `
	resource "ram_policy_attachment" "staging" {
	  policy_name       = "ReadOnlyAccess"
	  policy_type       = "System"
	  user_name         = ram_user.alice.name
	  resource_group_id = "rg-acfmdefault0001"
	}`

const polarDB = `
	resource "ram_service_linked_role" "polardb" { service_name = "polardb.aliyuncs.com" }`

var resourceManagerCases = []scenario{
	{before: []string{alice}, after: alice + inStaging, strikes: []strike{{action: "AttachPolicy"}}},
	{before: []string{alice + inStaging}, after: alice, strikes: []strike{{action: "DetachPolicy"}}},
	{after: polarDB, strikes: []strike{{action: "CreateServiceLinkedRole"}}},
	{before: []string{polarDB}, strikes: []strike{{action: "DeleteServiceLinkedRole"}}},
	{
		outside: alice + inStaging,
		before: []string{`
			import {
			  to = ram_user.alice
			  id = "alice"
			}
			resource "ram_user" "alice" {
			  name          = "alice"
			  force_destroy = true
			}`},
		strikes: []strike{{action: "DeleteUser", note: "force_destroy, resource group", conflict: "DeleteConflict.User.Policy"}},
	},
}
