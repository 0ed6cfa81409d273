package faults

var roleCases = []scenario{
	{
		after:   builder + readLogs + readerOnBuilder,
		strikes: []strike{{action: "CreateRole"}},
	},
	{
		before: []string{builder},
		after: `
			resource "ram_role" "builder" {
			  name                        = "builder"
			  description                 = "new"
			  max_session_duration        = 7200
			  assume_role_policy_document = jsonencode({ Version = "1", Statement = [{
			    Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = ["fc.aliyuncs.com"] }
			  }] })
			}`,
		strikes: []strike{{action: "UpdateRole"}},
	},
	{
		before:  []string{builder + readLogs + readerOnBuilder},
		after:   readLogs,
		strikes: []strike{{action: "DeleteRole", conflict: "DeleteConflict.Role.Policy"}},
	},
}

var policyCases = []scenario{
	{
		after:   readLogs + alice + readerOnAlice,
		strikes: []strike{{action: "CreatePolicy"}},
	},
	{
		before: []string{readLogs},
		after: `
			resource "ram_policy" "reader" {
			  name            = "reader"
			  description     = "new"
			  policy_document = jsonencode({ Version = "1", Statement = [{
			    Effect = "Allow", Resource = "*", Action = "log:Get*"
			  }] })
			}`,
		strikes: []strike{{action: "UpdatePolicyDescription"}},
	},
	{
		before:  []string{readLogs},
		after:   readFiles,
		strikes: []strike{{action: "CreatePolicyVersion"}},
	},
	{
		// An older version has the same document: it is not the one that is asked for.
		before:  []string{readFiles, readLogs},
		after:   readFiles,
		strikes: []strike{{action: "CreatePolicyVersion", note: "back to an older document"}},
	},
	{
		before:  []string{readLogs, listLogs, readLogs, listLogs, readLogs},
		after:   readFiles,
		strikes: []strike{{action: "DeletePolicyVersion"}, {action: "CreatePolicyVersion", note: "of five"}},
	},
	{
		before:  []string{readLogs + alice + readerOnAlice},
		after:   alice,
		strikes: []strike{{action: "DeletePolicy", conflict: "DeleteConflict.Policy.User"}},
	},
}

var attachmentCases = []scenario{
	{before: []string{readLogs + alice}, after: readLogs + alice + readerOnAlice, strikes: []strike{{action: "AttachPolicyToUser"}}},
	{before: []string{readLogs + ops}, after: readLogs + ops + readerOnOps, strikes: []strike{{action: "AttachPolicyToGroup"}}},
	{before: []string{readLogs + builder}, after: readLogs + builder + readerOnBuilder, strikes: []strike{{action: "AttachPolicyToRole"}}},
	{before: []string{readLogs + alice + readerOnAlice}, after: readLogs + alice, strikes: []strike{{action: "DetachPolicyFromUser"}}},
	{before: []string{readLogs + ops + readerOnOps}, after: readLogs + ops, strikes: []strike{{action: "DetachPolicyFromGroup"}}},
	{before: []string{readLogs + builder + readerOnBuilder}, after: readLogs + builder, strikes: []strike{{action: "DetachPolicyFromRole"}}},
}

var forcePolicyCases = []scenario{
	{
		outside: readLogs + alice + builder + readerOnAlice + `
			resource "ram_policy_attachment" "builder" {
			  policy_name = ram_policy.reader.name
			  policy_type = "Custom"
			  role_name   = ram_role.builder.name
			}`,
		before: []string{`
			import {
			  to = ram_policy.reader
			  id = "reader"
			}
			resource "ram_policy" "reader" {
			  name            = "reader"
			  force_destroy   = true
			  policy_document = jsonencode({ Version = "1", Statement = [{
			    Effect = "Allow", Resource = "*", Action = "log:Get*"
			  }] })
			}`},
		strikes: []strike{
			{action: "DetachPolicyFromUser", note: "force_destroy of a policy"},
			{action: "DetachPolicyFromRole", note: "force_destroy of a policy"},
			{action: "DeletePolicy", note: "force_destroy", conflict: "DeleteConflict.Policy.User"},
		},
	},
	{
		outside: builder + readLogs + readerOnBuilder,
		before: []string{`
			import {
			  to = ram_role.builder
			  id = "builder"
			}
			resource "ram_role" "builder" {
			  name                        = "builder"
			  force_destroy               = true
			  assume_role_policy_document = jsonencode({ Version = "1", Statement = [{
			    Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = ["ecs.aliyuncs.com"] }
			  }] })
			}`},
		strikes: []strike{
			{action: "DetachPolicyFromRole", note: "force_destroy of a role"},
			{action: "DeleteRole", note: "force_destroy", conflict: "DeleteConflict.Role.Policy"},
		},
	},
}
