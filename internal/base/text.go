package base

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Text is the state of a text that is empty on the service when it is left
// out: null for an empty one, unless it was written as "".
func Text(value string, prior types.String) types.String {
	if value == "" && (prior.IsNull() || prior.IsUnknown()) {
		return types.StringNull()
	}
	return types.StringValue(value)
}

// Changed gives a pointer to what a text is to become on the service, "" to
// clear it, or nil where the plan does not change it.
func Changed(plan, state types.String) *string {
	if plan.ValueString() == state.ValueString() || plan.IsUnknown() {
		return nil
	}
	text := plan.ValueString()
	return &text
}

// TextSet gives a set of texts.
func TextSet(texts []string) types.Set {
	elements := make([]attr.Value, 0, len(texts))
	for _, text := range texts {
		elements = append(elements, types.StringValue(text))
	}
	return types.SetValueMust(types.StringType, elements)
}
