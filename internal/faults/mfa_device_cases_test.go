package faults

const (
	phone = `
		resource "ram_virtual_mfa_device" "phone" { name = "phone" }`
	phoneOfAlice = `
		resource "ram_virtual_mfa_device" "phone" {
		  name      = "phone"
		  user_name = ram_user.alice.name
		}`
)

var mfaDeviceCases = []scenario{
	{
		before:  []string{alice},
		after:   alice + phone,
		strikes: []strike{{action: "CreateVirtualMFADevice"}},
	},
	{
		before:  []string{alice + phone},
		after:   alice + phoneOfAlice,
		strikes: []strike{{action: "BindMFADevice"}},
	},
	{
		before: []string{alice + bob + phoneOfAlice},
		after: alice + bob + `
			resource "ram_virtual_mfa_device" "phone" {
			  name      = "phone"
			  user_name = ram_user.bob.name
			}`,
		strikes: []strike{{action: "UnbindMFADevice", note: "to another user"}, {action: "BindMFADevice", note: "to another user"}},
	},
	{
		before:  []string{alice + phoneOfAlice},
		after:   alice + phone,
		strikes: []strike{{action: "UnbindMFADevice"}},
	},
	{
		before:  []string{alice + phoneOfAlice},
		after:   alice,
		strikes: []strike{{action: "UnbindMFADevice", note: "to delete it"}, {action: "DeleteVirtualMFADevice", conflict: "DeleteConflict.VirtualMFADevice.User"}},
	},
}
