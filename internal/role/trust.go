package role

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/policydoc"
)

var trustAt = path.Root("assume_role_policy_document")

// planTrust refuses trust in anyone, and says whom a changed trust policy lets
// in and keeps out.
func (r *roleResource) planTrust(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.Client == nil || req.Plan.Raw.IsNull() || base.PlansNothing(req) {
		return
	}
	var plan, state roleModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	// Another name is another role, of which nobody is trusted yet.
	if resp.Diagnostics.HasError() || !plan.Name.Equal(state.Name) && !state.Name.IsNull() {
		return
	}
	if refuseAnyone(plan, state, &resp.Diagnostics) || state.Name.IsNull() || plan.AssumeRolePolicyDocument.IsUnknown() {
		return
	}
	own := policydoc.Trustee{Kind: "RAM", ID: state.ARN.ValueString()}.Account()
	change := state.trusted().ChangeTo(plan.trusted(), own)
	if change.IsEmpty() {
		return
	}
	summary := fmt.Sprintf("The trust policy of RAM role %s changes", plan.Name)
	detail := describe(change)
	if wider := widenings(change, own); wider != "" {
		summary = fmt.Sprintf("The trust policy of RAM role %s widens", plan.Name)
		detail += "\n\nThis is a widening: " + wider
	}
	r.Advise(&resp.Diagnostics, trustAt, summary, detail)
}

// refuseAnyone adds an error, and returns true, where a new or changed trust
// policy trusts anyone at all and nothing says that it may.
func refuseAnyone(plan, state roleModel, diags *diag.Diagnostics) bool {
	document := plan.AssumeRolePolicyDocument
	if document.IsUnknown() || document.Means(state.AssumeRolePolicyDocument) || plan.AllowTrustBroadening.IsUnknown() || plan.AllowTrustBroadening.ValueBool() {
		return false
	}
	anyone := plan.trusted().Anyone()
	if len(anyone) == 0 {
		return false
	}
	diags.AddAttributeError(trustAt, fmt.Sprintf("RAM role %s would trust anyone", plan.Name),
		fmt.Sprintf("The policy trusts %s, which is everybody in every Alibaba Cloud account, whom only conditions can keep out. Name the accounts, users or roles that are meant, such as "+
			"acs:ram::1234567890123456:role/deployer. If anyone is meant, set allow_trust_broadening = true.", named(anyone)))
	return true
}

func (m *roleModel) trusted() policydoc.Trusted {
	return policydoc.TrustedBy(m.AssumeRolePolicyDocument.ValueString())
}

// describe says whom a change adds and removes, a line each.
func describe(c policydoc.TrustChange) string {
	var lines []string
	for _, part := range []struct {
		says     string
		trustees []policydoc.Trustee
	}{
		{"May assume it from now on: ", c.Added},
		{"May not assume it any more: ", c.Removed},
		{"May assume it under fewer or other conditions: ", c.Loosened},
		{"May assume it under more conditions only: ", c.Tightened},
	} {
		if len(part.trustees) > 0 {
			lines = append(lines, part.says+named(part.trustees)+".")
		}
	}
	if c.Undenied {
		lines = append(lines, "A statement that denies is removed or changed.")
	}
	return strings.Join(lines, "\n")
}

// widenings says, in sentences, in how far a change trusts more than single users,
// roles and services of accounts that are trusted already; empty where it does not.
func widenings(c policydoc.TrustChange, own string) string {
	var sentences []string
	for _, t := range c.Added {
		switch account := t.Account(); {
		case t.IsAnyone():
			sentences = append(sentences, fmt.Sprintf("%s is everybody in every Alibaba Cloud account.", t))
		case t.IsWholeAccount():
			where := fmt.Sprintf("account %s whom that account permits", account)
			if account == own {
				where = "this account whom a policy permits"
			}
			sentences = append(sentences, fmt.Sprintf("Now anyone in %s may assume the role.", where))
		}
	}
	for _, account := range c.Foreign {
		sentences = append(sentences, fmt.Sprintf("Account %s was not trusted before.", account))
	}
	return strings.Join(sentences, " ")
}

func named(trustees []policydoc.Trustee) string {
	names := make([]string, 0, len(trustees))
	for _, t := range trustees {
		names = append(names, t.String())
	}
	return strings.Join(names, ", ")
}
