// Package policy holds RAM policies and what they are attached to.
package policy

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// fixedName is how a policy's name is planned: another name replaces the
// resource, another spelling of the same one plans nothing.
func fixedName() []planmodifier.String {
	return []planmodifier.String{keepSpelling{}, stringplanmodifier.RequiresReplace()}
}

// keepSpelling plans the prior name for one that differs in case only: RAM
// matches the names of policies without regard to case.
type keepSpelling struct{}

func (keepSpelling) Description(context.Context) string {
	return "A name that differs in case only is the same name."
}

func (m keepSpelling) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

// PlanModifyString keeps the prior name where the planned one is another spelling of it.
func (keepSpelling) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if req.StateValue.IsNull() || req.PlanValue.IsUnknown() {
		return
	}
	if strings.EqualFold(req.PlanValue.ValueString(), req.StateValue.ValueString()) {
		resp.PlanValue = req.StateValue
	}
}

// adviseOfEverything advises against a document that allows everything. A
// condition, or a denial of part of it, does not make it less: it still allows
// whatever Alibaba Cloud adds tomorrow.
func adviseOfEverything(by adviser, diags *diag.Diagnostics, at path.Path) {
	by.Advise(diags, at, "A policy allows every action on every resource",
		"Whoever gets it is an administrator of the account. Name the actions and resources that are needed, such as \"oss:Get*\" on \"acs:oss:*:*:logs/*\". "+
			"For administrators attach the system policy AdministratorAccess, whose name says what it is.")
}

type adviser interface {
	Advise(diags *diag.Diagnostics, at path.Path, summary, detail string)
}

// explainMissing adds an error where the policy does not exist, and reports
// whether it did.
func explainMissing(ctx context.Context, client *ramapi.Client, at path.Path, name, policyType string, diags *diag.Diagnostics) bool {
	if _, err := client.Policy(ctx, name, policyType); !ramapi.IsNotFound(err) {
		return false
	}
	reason := "The account has no custom policy of this name."
	other := ramapi.PolicyTypeSystem
	if policyType == ramapi.PolicyTypeSystem {
		reason = "Alibaba Cloud has no system policy of this name."
		other = ramapi.PolicyTypeCustom
	}
	_, err := client.Policy(ctx, name, other)
	switch {
	case err == nil:
		reason += fmt.Sprintf(" There is one of the other type: write policy_type = %q.", other)
	case policyType == ramapi.PolicyTypeCustom:
		reason += " " + ramapi.CreatedFirst("ram_policy")
	default:
		reason += " Check the name: the data source ram_policies lists them."
	}
	diags.AddAttributeError(at, fmt.Sprintf("Unable to find RAM policy %q", name), reason)
	return true
}
