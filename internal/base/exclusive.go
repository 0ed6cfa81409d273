package base

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// An exclusive resource manages a whole set, and removes from it what is not
// configured. Nobody is to be surprised by that, so its computed attribute
// removes says in each plan what goes, and the apply removes nothing else.
//
// Terraform plans once more when it applies, and takes another answer for a bug
// of the provider. Therefore an update computes removes from the state, where
// the refresh has put the whole set; only a creation has to ask the service.
//
// Terraform also wants the state to hold what was planned. So after an apply it
// says what went, until the next change; a refresh that emptied it would report
// a change of its own making to plan -refresh-only.

// RemovesAttribute is the attribute removes.
func RemovesAttribute(description string) schema.SetAttribute {
	return schema.SetAttribute{
		Computed: true, ElementType: types.StringType,
		MarkdownDescription: description + " The plan lists it, and the apply refuses if there is more by then. " +
			"In the state it is what the last change removed. It is unknown while planning only where a name that it depends on is.",
	}
}

// CheckRemoves adds an error, and returns false, where an apply would remove
// what the plan does not list.
func CheckRemoves(unplanned []string, which string, diags *diag.Diagnostics) bool {
	if len(unplanned) == 0 {
		return true
	}
	slices.Sort(unplanned)
	diags.AddError(which+" has changed since the plan",
		fmt.Sprintf("%s came in addition and would be removed, which the plan does not say. Nothing was changed. Plan again.", strings.Join(unplanned, ", ")))
	return false
}

// WarnOfRemovals warns where the creation of an exclusive resource takes
// something away.
func WarnOfRemovals(names []string, which string, diags *diag.Diagnostics) {
	if len(names) > 0 {
		diags.AddWarning("Creating this removes what is there",
			fmt.Sprintf("%s has more than is configured, and loses it when this resource is created: %s. Configure what is to stay. "+
				"If Terraform then reports an inconsistent final plan, there is more since the plan, or less. Nothing was removed: plan again.", which, strings.Join(names, ", ")))
	}
}
