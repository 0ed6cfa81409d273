package faults

// header stands before every configuration.
const header = `
terraform {
  required_providers {
    ram = { source = "ram-provider/ram" }
  }
}
`

// What several scenarios have.
const (
	alice = "\n" + `resource "ram_user" "alice" { name = "alice" }`
	ops   = "\n" + `resource "ram_group" "ops" { name = "ops" }`

	firstLogin = `
		resource "ram_login_profile" "alice" {
		  user_name           = ram_user.alice.name
		  password_wo         = "First-passw0rd!"
		  password_wo_version = 1
		  mfa_bind_required   = true
		}`
	aliceKey = `
		resource "ram_access_key" "alice" { user_name = ram_user.alice.name }`
	aliceInOps = `
		resource "ram_group_membership" "ops" {
		  group_name = ram_group.ops.name
		  user_names = [ram_user.alice.name]
		}`
	builder = `
		resource "ram_role" "builder" {
		  name                        = "builder"
		  assume_role_policy_document = jsonencode({ Version = "1", Statement = [{
		    Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = ["ecs.aliyuncs.com"] }
		  }] })
		}`
	readLogs  = policyHead + `"log:Get*"` + policyTail
	listLogs  = policyHead + `"log:List*"` + policyTail
	readFiles = policyHead + `"oss:Get*"` + policyTail

	policyHead = `
		resource "ram_policy" "reader" {
		  name            = "reader"
		  policy_document = jsonencode({ Version = "1", Statement = [{
		    Effect = "Allow", Resource = "*", Action = `
	policyTail = `
		  }] })
		}`
	readerOn = `
		resource "ram_policy_attachment" "reader" {
		  policy_name = ram_policy.reader.name
		  policy_type = "Custom"
		  `
	readerOnAlice   = readerOn + "user_name = ram_user.alice.name\n}\n"
	readerOnOps     = readerOn + "group_name = ram_group.ops.name\n}\n"
	readerOnBuilder = readerOn + "role_name = ram_role.builder.name\n}\n"
)

func scenarios() []*scenario {
	var all []*scenario
	for _, some := range [][]scenario{
		userCases,
		loginCases,
		keyCases,
		rotationCases,
		groupCases,
		roleCases,
		policyCases,
		tagCases,
		attachmentCases,
		forceUserCases,
		forcePolicyCases,
		accountNameCases,
		federationCases,
		resourceManagerCases,
		mfaDeviceCases,
		accessKeyPolicyCases,
		exclusiveCases,
		freezeCases,
		settingsCases,
	} {
		for i := range some {
			all = append(all, &some[i])
		}
	}
	return all
}
