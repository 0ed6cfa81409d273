package acctest

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
)

// noteWarnings keeps each warning of a type's resources once: what is said while
// planning is said again when Terraform plans once more in the apply.
func (a *Account) noteWarnings(typeName string, diags []*tfprotov6.Diagnostic) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, d := range diags {
		text := fmt.Sprintf("%s %s: %s: %s", typeName, d.Attribute, d.Summary, d.Detail)
		if d.Severity == tfprotov6.DiagnosticSeverityWarning && !slices.Contains(a.warnings, text) {
			a.warnings = append(a.warnings, text)
		}
	}
}

// Warns checks what the provider has warned of in this step, and after the last
// one that was checked. Of the warnings that match about there is to be one for
// each pattern, in any order, and no other.
func (a *Account) Warns(about string, patterns ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		a.mu.Lock()
		given := a.warnings
		a.warnings = nil
		a.mu.Unlock()
		topic := regexp.MustCompile(about)
		left := slices.DeleteFunc(slices.Clone(given), func(w string) bool { return !topic.MatchString(w) })
		for _, pattern := range patterns {
			expression := regexp.MustCompile("(?s)" + pattern)
			i := slices.IndexFunc(left, expression.MatchString)
			if i < 0 {
				return fmt.Errorf("nothing warns of %q; the warnings are:\n%s", pattern, strings.Join(given, "\n"))
			}
			left = slices.Delete(left, i, i+1)
		}
		if len(left) > 0 {
			return fmt.Errorf("more warnings than expected:\n%s", strings.Join(left, "\n"))
		}
		return nil
	}
}

// noting is a provider whose warnings the account notes: Terraform's own tests
// cannot look at them.
type noting struct {
	protocolServer

	account *Account
}

// PlanResourceChange is that of the provider.
func (n noting) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	resp, err := n.protocolServer.PlanResourceChange(ctx, req)
	if err == nil {
		n.account.noteWarnings(req.TypeName, resp.Diagnostics)
	}
	return resp, err
}

// ApplyResourceChange is that of the provider.
func (n noting) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	resp, err := n.protocolServer.ApplyResourceChange(ctx, req)
	if err == nil {
		n.account.noteWarnings(req.TypeName, resp.Diagnostics)
	}
	return resp, err
}

// ReadDataSource is that of the provider.
func (n noting) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	resp, err := n.protocolServer.ReadDataSource(ctx, req)
	if err == nil {
		n.account.noteWarnings(req.TypeName, resp.Diagnostics)
	}
	return resp, err
}
