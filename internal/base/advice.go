package base

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// Advice says what becomes of an advisory: of what works, but is unwise.
type Advice string

// What the provider's argument advisories takes; the zero Advice warns too.
const (
	AdviceWarn  Advice = "warn"
	AdviceError Advice = "error"
	AdviceOff   Advice = "off"
)

// AdviceRule accepts warn, error and off.
func AdviceRule() validator.String {
	return stringvalidator.OneOf(string(AdviceWarn), string(AdviceError), string(AdviceOff))
}

// Add adds an advisory about an attribute as a warning or an error, or leaves
// it out. An empty path stands for no attribute in particular.
func (a Advice) Add(diags *diag.Diagnostics, at path.Path, summary, detail string) {
	switch a {
	case AdviceOff:
	case AdviceError:
		detail += "\n\nIt is an error because the provider has advisories = \"error\"."
		if at.Equal(path.Empty()) {
			diags.AddError(summary, detail)
			return
		}
		diags.AddAttributeError(at, summary, detail)
	default:
		if at.Equal(path.Empty()) {
			diags.AddWarning(summary, detail)
			return
		}
		diags.AddAttributeWarning(at, summary, detail)
	}
}

// Advise adds an advisory in the way that the provider's advisories says.
func (r *Resource) Advise(diags *diag.Diagnostics, at path.Path, summary, detail string) {
	if r.provider != nil {
		r.provider.Advice.Add(diags, at, summary, detail)
	}
}

// Advise adds an advisory in the way that the provider's advisories says.
func (d *DataSource) Advise(diags *diag.Diagnostics, at path.Path, summary, detail string) {
	if d.provider != nil {
		d.provider.Advice.Add(diags, at, summary, detail)
	}
}

// AdviseIfRoot adds an advisory, once per run, where the caller is known to be
// the account itself. It makes no call to learn that.
func (p *Provider) AdviseIfRoot(diags *diag.Diagnostics) {
	if p.Client.CallerIsRoot() {
		p.Advice.Add(diags, path.Empty(), "Working as the account's root",
			"The access key belongs to the Alibaba Cloud account itself, which may do everything and cannot be limited. "+
				"Make a RAM user or role with the permissions that this configuration needs, use its credentials here, and delete the account's own key.")
	}
}

// AdviseIfRoot is that of the provider.
func (r *Resource) AdviseIfRoot(diags *diag.Diagnostics) { r.provider.AdviseIfRoot(diags) }

// AdviseIfRoot is that of the provider.
func (d *DataSource) AdviseIfRoot(diags *diag.Diagnostics) { d.provider.AdviseIfRoot(diags) }
