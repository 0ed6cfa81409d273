package base_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/policydoc"
)

const (
	plain     = `{"Version":"1","Statement":[{"Effect":"Allow","Action":["oss:Get*","oss:List*"],"Resource":"*"}]}`
	rewritten = `{"Statement": [{"Resource": ["*"], "Action": ["oss:List*", "oss:Get*"], "Effect": "Allow"}], "Version": "1"}`
	narrower  = `{"Version":"1","Statement":[{"Effect":"Allow","Action":["oss:Get*"],"Resource":"*"}]}`
)

func TestPolicyDocument_findingsAreErrorsAndWarningsOfTheAttribute(t *testing.T) {
	for _, tc := range []struct {
		name     string
		document types.String
		severity string
		message  string // empty: no finding
	}{
		{"good", types.StringValue(plain), "", ""},
		{"null", types.StringNull(), "", ""},
		{"unknown", types.StringUnknown(), "", ""},
		{"not JSON", types.StringValue("{"), "Invalid policy document", "The document is not valid JSON"},
		{
			"second statement without effect", types.StringValue(strings.Replace(plain, "}]", `},{"Action":"*","Resource":"*"}]`, 1)),
			"Invalid policy document", "Statement 2: Effect is missing",
		},
		{"doubtful", types.StringValue(strings.Replace(plain, `"*"`, `"bucket"`, 1)), "Doubtful policy document", `Statement 1: Resource "bucket" is not an ARN`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			at := path.Root("policy_document")
			var resp validator.StringResponse
			for _, v := range base.PolicyDocumentAttribute(policydoc.Identity, "").Validators {
				v.ValidateString(t.Context(), validator.StringRequest{Path: at, ConfigValue: tc.document}, &resp)
			}
			if tc.message == "" {
				if len(resp.Diagnostics) > 0 {
					t.Errorf("got %v, want none", resp.Diagnostics)
				}
				return
			}
			if len(resp.Diagnostics) != 1 {
				t.Fatalf("got %v, want one", resp.Diagnostics)
			}
			if d := resp.Diagnostics[0]; d.Summary() != tc.severity || !strings.Contains(d.Detail(), tc.message) {
				t.Errorf("got %s: %s, want %s: %s", d.Summary(), d.Detail(), tc.severity, tc.message)
			}
			if isError := tc.severity == "Invalid policy document"; resp.Diagnostics.HasError() != isError {
				t.Errorf("HasError() = %v, want %v", resp.Diagnostics.HasError(), isError)
			}
		})
	}
}

func TestPolicyDocument_thatMeansTheSameKeepsItsPriorText(t *testing.T) {
	for _, tc := range []struct {
		name           string
		prior, planned types.String
		want           types.String
	}{
		{"reformatted", types.StringValue(plain), types.StringValue(rewritten), types.StringValue(plain)},
		{"changed", types.StringValue(plain), types.StringValue(narrower), types.StringValue(narrower)},
		{"new", types.StringNull(), types.StringValue(plain), types.StringValue(plain)},
		{"unknown", types.StringValue(plain), types.StringUnknown(), types.StringUnknown()},
	} {
		t.Run(tc.name, func(t *testing.T) {
			resp := planmodifier.StringResponse{PlanValue: tc.planned}
			for _, m := range base.PolicyDocumentAttribute(policydoc.Identity, "").PlanModifiers {
				m.PlanModifyString(t.Context(), planmodifier.StringRequest{StateValue: tc.prior, PlanValue: tc.planned}, &resp)
			}
			if !resp.PlanValue.Equal(tc.want) {
				t.Errorf("planned %s, want %s", resp.PlanValue, tc.want)
			}
		})
	}
}
