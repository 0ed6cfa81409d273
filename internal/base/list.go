package base

import (
	"context"
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
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

// MatchesName gives the test of names that a NameRegexAttribute asks for.
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
