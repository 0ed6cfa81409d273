package base

import (
	"context"
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// NameRegexAttribute picks by name what a list of such things shows.
func NameRegexAttribute(things string) schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true,
		MarkdownDescription: fmt.Sprintf("Regular expression in Go's syntax that the names of the %s must match; `^` and `$` stand for the beginning and the end of a name. "+
			"Any name when it is left out.", things),
		Validators: []validator.String{regexRule{}},
	}
}

// MatchesName gives the test of names that a NameRegexAttribute asks for. Any
// name passes a null one.
func MatchesName(regex types.String) func(name string) bool {
	return regexp.MustCompile(regex.ValueString()).MatchString // regexRule has seen it
}

// regexRule accepts regular expressions.
type regexRule struct{}

func (regexRule) Description(context.Context) string { return "must be a regular expression" }

func (r regexRule) MarkdownDescription(ctx context.Context) string { return r.Description(ctx) }

// ValidateString refuses what cannot be compiled, and says why.
func (regexRule) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if !isKnown(req.ConfigValue) {
		return
	}
	if _, err := regexp.Compile(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid regular expression", sentence(err.Error()))
	}
}

// TagsFilterAttribute picks by tags what a list of such things shows.
func TagsFilterAttribute(things string) schema.MapAttribute {
	return schema.MapAttribute{
		Optional: true, ElementType: types.StringType,
		MarkdownDescription: fmt.Sprintf("Tags that the %s must have, all of them, with exactly these values. Any tags or none when it is left out.", things),
		Validators:          []validator.Map{mapvalidator.NoNullValues()},
	}
}

// ShownTagsAttribute is what a data source says of the tags of one thing.
func ShownTagsAttribute(thing string) schema.MapAttribute {
	return schema.MapAttribute{
		Computed: true, ElementType: types.StringType,
		MarkdownDescription: fmt.Sprintf("All tags of the %s, also those that `ignore_tags` of the provider names; an empty map where it has none.", thing),
	}
}

// ShownTags gives the tags of a thing that may have none.
func ShownTags(tags map[string]string) map[string]string {
	if tags == nil {
		return map[string]string{}
	}
	return tags
}

// HasTags reports whether all wanted tags are there.
func HasTags(tags, wanted map[string]string) bool {
	for key, value := range wanted {
		if have, found := tags[key]; !found || have != value {
			return false
		}
	}
	return true
}

// PolicyFilterAttributes pick by a policy that is attached what a list of such
// things shows. They are given together.
func PolicyFilterAttributes(things string) (policyName, policyType schema.StringAttribute) {
	policyName = schema.StringAttribute{
		Optional: true,
		MarkdownDescription: fmt.Sprintf("Name of a policy: only %s that it is attached to, for the whole account. It needs `policy_type`. "+
			"Whatever their policies when it is left out.", things),
		Validators: []validator.String{PolicyName, stringvalidator.AlsoRequires(path.MatchRoot("policy_type"))},
	}
	policyType = schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: "Type of the policy `policy_name`: `System` for one that Alibaba Cloud maintains, `Custom` for one of the account.",
		Validators:          []validator.String{PolicyType(), stringvalidator.AlsoRequires(path.MatchRoot("policy_name"))},
	}
	return policyName, policyType
}

// PolicyType accepts System and Custom, RAM's spelling.
func PolicyType() validator.String {
	return stringvalidator.OneOf(ramapi.PolicyTypeSystem, ramapi.PolicyTypeCustom)
}
