package base

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// RefuseProvisioned adds an error, and returns true, where the user is one that
// SCIM or CloudSSO made, and the provider is not to manage those. to is what
// would be done: "change" or "delete".
func (r *Resource) RefuseProvisioned(to, name, provisionType string, diags *diag.Diagnostics) (refused bool) {
	if r.provider.ManageProvisioned || !ramapi.IsProvisioned(provisionType) {
		return false
	}
	diags.AddError(fmt.Sprintf("Unable to %s RAM user %q, which %s provisioned", to, name, provisionType),
		fmt.Sprintf("The user comes from a directory outside, and the next synchronisation would undo it: %s the user there. Nothing was changed. "+
			"Where it is meant, set manage_provisioned = true in the provider block.", to))
	return true
}
