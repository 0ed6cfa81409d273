// Package policy holds RAM policies and what they are attached to.
package policy

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
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
