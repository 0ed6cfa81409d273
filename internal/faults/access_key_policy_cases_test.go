package faults

const policyOfKey = aliceKey + `
	resource "ram_access_key_policy" "alice" {
	  user_name     = ram_user.alice.name
	  access_key_id = ram_access_key.alice.access_key_id
	  statement {
	    type    = "ClassicWhiteList"
	    ip_list = ["203.0.113.0/24"]
	  }
	}`

var accessKeyPolicyCases = []scenario{
	{
		before:  []string{alice + aliceKey},
		after:   alice + policyOfKey,
		strikes: []strike{{action: "SetAccessKeyPolicy", note: "new"}},
	},
	{
		before: []string{alice + policyOfKey},
		after: alice + aliceKey + `
			resource "ram_access_key_policy" "alice" {
			  user_name     = ram_user.alice.name
			  access_key_id = ram_access_key.alice.access_key_id
			  status        = "Inactive"
			  statement {
			    type    = "VPCWhiteList"
			    value   = "AllowAllVPC"
			    ip_list = ["10.0.0.0/8"]
			  }
			}`,
		strikes: []strike{{action: "SetAccessKeyPolicy"}},
	},
	{
		before:  []string{alice + policyOfKey},
		after:   alice + aliceKey,
		strikes: []strike{{action: "SetAccessKeyPolicy", note: "reset"}},
	},
}
