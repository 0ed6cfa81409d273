package faults

const (
	aliceFrozen = "\n" + `resource "ram_user" "alice" {
		name   = "alice"
		frozen = true
	}`
	aliceUnfrozen = "\n" + `resource "ram_user" "alice" {
		name   = "alice"
		frozen = false
	}`
	aliceSpareKey = `
		resource "ram_access_key" "spare" {
		  user_name = ram_user.alice.name
		  status    = "Inactive"
		}`
)

var freezeCases = []scenario{
	{
		before: []string{alice + firstLogin + aliceKey + aliceSpareKey},
		after:  aliceFrozen + firstLogin + aliceKey + aliceSpareKey,
		strikes: []strike{
			{action: "TagResources", note: "freeze"},
			{action: "UpdateAccessKey", note: "freeze"},
			{action: "UpdateLoginProfile", note: "freeze"},
		},
	},
	{
		before: []string{alice + firstLogin + aliceKey + aliceSpareKey, aliceFrozen + firstLogin + aliceKey + aliceSpareKey},
		after:  aliceUnfrozen + firstLogin + aliceKey + aliceSpareKey,
		strikes: []strike{
			{action: "UpdateAccessKey", note: "unfreeze"},
			{action: "UpdateLoginProfile", note: "unfreeze"},
			{action: "UntagResources", note: "unfreeze"},
		},
	},
	{
		before: []string{aliceFrozen},
		after:  aliceFrozen + firstLogin + aliceKey,
		strikes: []strike{
			{action: "CreateLoginProfile", note: "of a frozen user"},
			{action: "CreateAccessKey", note: "of a frozen user"},
			{action: "TagResources", note: "key of a frozen user"},
			{action: "UpdateAccessKey", note: "new key of a frozen user"},
		},
	},
}
