// Package functions holds the functions of the provider, which take and give
// names, ARNs and policy documents, and make no call.
package functions

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"
)

// pure is a function without a state of its own.
type pure struct {
	name       string
	definition function.Definition
	run        func(context.Context, function.RunRequest, *function.RunResponse)
}

var _ function.Function = (*pure)(nil)

func (f *pure) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = f.name
}

func (f *pure) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = f.definition
}

func (f *pure) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	f.run(ctx, req, resp)
}

// All gives every function of the provider.
func All() []func() function.Function {
	var all []func() function.Function
	for _, f := range []*pure{
		arnBuild, arnParse, policyEquivalent, policyMerge, policyMinify, policySplit,
		trustPolicyAccount, trustPolicyOIDC, trustPolicySAML, trustPolicyService, userPrincipalName,
	} {
		all = append(all, func() function.Function { return f })
	}
	return all
}

// text is a parameter that takes a text.
func text(name, description string) function.StringParameter {
	return function.StringParameter{Name: name, MarkdownDescription: description}
}

// refuse sets an error about the argument with that number, counted from 0.
func refuse(resp *function.RunResponse, argument int64, err error) {
	resp.Error = function.ConcatFuncErrors(resp.Error, function.NewArgumentFuncError(argument, err.Error()))
}
