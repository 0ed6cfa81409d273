package base

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/ram-provider/terraform-provider-ram/internal/policydoc"
)

var (
	_ basetypes.StringTypable                    = PolicyDocumentType{}
	_ basetypes.StringValuableWithSemanticEquals = PolicyDocument{}
)

// PolicyDocumentAttribute is a required policy document. It is checked while
// planning, and compared by meaning: a document that only looks different keeps
// its prior text, in the plan and after a call, so reformatting plans nothing.
func PolicyDocumentAttribute(kind policydoc.Kind, description string) schema.StringAttribute {
	return schema.StringAttribute{
		Required: true, CustomType: PolicyDocumentType{},
		MarkdownDescription: description + " It is compared by meaning: white space, the order of keys, and the order of what is listed as actions, resources, principals or condition values plan nothing.",
		Validators:          []validator.String{policyDocumentRule{kind}},
		PlanModifiers:       []planmodifier.String{keepEquivalent{}},
	}
}

// PolicyDocumentType is the type of a policy document's JSON text.
type PolicyDocumentType struct{ basetypes.StringType }

// Equal reports whether the other type is this one.
func (t PolicyDocumentType) Equal(other attr.Type) bool {
	_, ok := other.(PolicyDocumentType)
	return ok
}

// String names the type.
func (t PolicyDocumentType) String() string { return "base.PolicyDocumentType" }

// ValueType gives a value of the type.
func (t PolicyDocumentType) ValueType(context.Context) attr.Value { return PolicyDocument{} }

// ValueFromString makes a value of the type.
func (t PolicyDocumentType) ValueFromString(_ context.Context, text basetypes.StringValue) (basetypes.StringValuable, diag.Diagnostics) {
	return PolicyDocument{text}, nil
}

// ValueFromTerraform makes a value of the type. The error is that of a value
// that is not a string.
func (t PolicyDocumentType) ValueFromTerraform(ctx context.Context, value tftypes.Value) (attr.Value, error) {
	text, err := t.StringType.ValueFromTerraform(ctx, value)
	if err != nil {
		return nil, err
	}
	return PolicyDocument{text.(basetypes.StringValue)}, nil
}

// PolicyDocument is a policy document's JSON text, null or unknown.
type PolicyDocument struct{ basetypes.StringValue }

// NewPolicyDocument gives the text as a known value.
func NewPolicyDocument(text string) PolicyDocument {
	return PolicyDocument{basetypes.NewStringValue(text)}
}

// Equal reports whether the other value is a policy document with the same text.
func (d PolicyDocument) Equal(other attr.Value) bool {
	o, ok := other.(PolicyDocument)
	return ok && d.StringValue.Equal(o.StringValue)
}

// Type gives the type of the value.
func (d PolicyDocument) Type(context.Context) attr.Type { return PolicyDocumentType{} }

// StringSemanticEquals reports whether both documents mean the same to RAM. The
// framework then keeps the prior one.
func (d PolicyDocument) StringSemanticEquals(_ context.Context, other basetypes.StringValuable) (bool, diag.Diagnostics) {
	o, ok := other.(PolicyDocument)
	return ok && d.Means(o), nil
}

// Means reports whether both documents are known and mean the same to RAM.
func (d PolicyDocument) Means(other PolicyDocument) bool {
	return isKnown(d.StringValue) && isKnown(other.StringValue) && policydoc.Equal(d.ValueString(), other.ValueString())
}

func isKnown(text basetypes.StringValue) bool { return !text.IsNull() && !text.IsUnknown() }

// policyDocumentRule checks a document as it is written. It is a validator, and
// not a method of the value, because the framework checks those wherever it
// decodes one, in the state too: what RAM already holds is not to be judged.
type policyDocumentRule struct{ kind policydoc.Kind }

func (r policyDocumentRule) Description(context.Context) string {
	return "must be a policy document of RAM"
}

func (r policyDocumentRule) MarkdownDescription(ctx context.Context) string {
	return r.Description(ctx)
}

// ValidateString adds each finding of policydoc.Check.
func (r policyDocumentRule) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if !isKnown(req.ConfigValue) {
		return
	}
	for _, f := range policydoc.Check(r.kind, req.ConfigValue.ValueString()) {
		AddFinding(&resp.Diagnostics, req.Path, f)
	}
}

// AddFinding adds what is wrong with a policy document, or may be, at the
// attribute that it is about.
func AddFinding(diags *diag.Diagnostics, at path.Path, f policydoc.Finding) {
	if f.Severity == policydoc.Warning {
		diags.AddAttributeWarning(at, "Doubtful policy document", sentence(f.Message))
	} else {
		diags.AddAttributeError(at, "Invalid policy document", sentence(f.Message))
	}
}

// keepEquivalent plans the prior text for a document that means the same.
type keepEquivalent struct{}

func (keepEquivalent) Description(context.Context) string {
	return "A document that means the same keeps its prior text."
}

func (m keepEquivalent) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

// PlanModifyString keeps the prior text where the planned one is equal in meaning.
func (keepEquivalent) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	prior, planned := PolicyDocument{req.StateValue}, PolicyDocument{req.PlanValue}
	if planned.Means(prior) {
		resp.PlanValue = req.StateValue
	}
}
