package faults

const (
	aliceTagged = "\n" + `resource "ram_user" "alice" {
		name = "alice"
		tags = { team = "payments", env = "test" }
	}`
	aliceRetagged = "\n" + `resource "ram_user" "alice" {
		name = "alice"
		tags = { team = "billing" }
	}`
	builderTags = `
		resource "ram_role" "builder" {
		  name                        = "builder"
		  assume_role_policy_document = jsonencode({ Version = "1", Statement = [{
		    Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = ["ecs.aliyuncs.com"] }
		  }] })
		  tags = `
	readerTags = `
		resource "ram_policy" "reader" {
		  name            = "reader"
		  policy_document = jsonencode({ Version = "1", Statement = [{ Effect = "Allow", Resource = "*", Action = "log:Get*" }] })
		  tags            = `
)

var tagCases = []scenario{
	{
		after:   aliceTagged,
		strikes: []strike{{action: "TagResources", note: "of a new user"}},
	},
	{
		before:  []string{aliceTagged},
		after:   aliceRetagged,
		strikes: []strike{{action: "UntagResources", note: "of a user"}, {action: "TagResources", note: "of a user"}},
	},
	{
		before:  []string{builderTags + `{ team = "payments", env = "test" }` + "\n}"},
		after:   builderTags + `{ team = "billing" }` + "\n}",
		strikes: []strike{{action: "UntagResources", note: "of a role"}, {action: "TagResources", note: "of a role"}},
	},
	{
		before:  []string{readerTags + `{ team = "payments", env = "test" }` + "\n}"},
		after:   readerTags + `{ team = "billing" }` + "\n}",
		strikes: []strike{{action: "UntagResources", note: "of a policy"}, {action: "TagResources", note: "of a policy"}},
	},
}
