package acctest

import (
	"context"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Protocol speaks the provider's own protocol, for what the Terraform at hand is
// too old for: list resources and actions.
type Protocol struct {
	server  protocolServer
	schemas *tfprotov6.GetProviderSchemaResponse
}

type protocolServer interface {
	tfprotov6.ProviderServerWithListResource
	tfprotov6.ProviderServerWithActions
}

// Protocol gives a provider that works on the account and has been configured
// with the attributes of a provider block, none for nil.
func (a *Account) Protocol(t *testing.T, config map[string]tftypes.Value) *Protocol {
	t.Helper()
	server, err := a.Factories()["ram"]()
	if err != nil {
		t.Fatal(err)
	}
	p := &Protocol{server: server.(protocolServer)}
	if p.schemas, err = server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{}); err != nil {
		t.Fatal(err)
	}
	configured, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: fill(t, p.schemas.Provider, config)})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range configured.Diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			t.Fatalf("configuring the provider: %s: %s", d.Summary, d.Detail)
		}
	}
	return p
}

// Listed is one thing that a list resource gives.
type Listed struct {
	DisplayName string
	Identity    map[string]tftypes.Value
	Resource    map[string]tftypes.Value // nil unless asked for
	Diagnostics []*tfprotov6.Diagnostic
}

// List asks the list resource of the type, as `terraform query` does. A limit of
// 0 is that of Terraform, 100.
func (p *Protocol) List(ctx context.Context, t *testing.T, typeName string, config map[string]tftypes.Value, includeResource bool, limit int64) []Listed {
	t.Helper()
	schema := p.schemas.ListResourceSchemas[typeName]
	if schema == nil {
		t.Fatalf("there is no list resource %s", typeName)
	}
	if limit == 0 {
		limit = 100
	}
	identities, err := p.server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		t.Fatal(err)
	}
	stream, err := p.server.ListResource(ctx, &tfprotov6.ListResourceRequest{TypeName: typeName, Config: fill(t, schema, config), IncludeResource: includeResource, Limit: limit})
	if err != nil {
		t.Fatal(err)
	}
	var all []Listed
	for result := range stream.Results {
		one := Listed{DisplayName: result.DisplayName, Diagnostics: result.Diagnostics}
		if result.Identity != nil {
			one.Identity = open(t, result.Identity.IdentityData, identities.IdentitySchemas[typeName].ValueType())
		}
		if result.Resource != nil {
			one.Resource = open(t, result.Resource, p.schemas.ResourceSchemas[typeName].ValueType())
		}
		all = append(all, one)
	}
	return all
}

// Invoke validates, plans and invokes an action as Terraform does, and gives what it
// reported on the way, and its diagnostics.
func (p *Protocol) Invoke(ctx context.Context, t *testing.T, actionType string, config map[string]tftypes.Value) (progress []string, diags []*tfprotov6.Diagnostic) {
	t.Helper()
	action := p.schemas.ActionSchemas[actionType]
	if action == nil {
		t.Fatalf("there is no action %s", actionType)
	}
	filled := fill(t, action.Schema, config)
	validated, err := p.server.ValidateActionConfig(ctx, &tfprotov6.ValidateActionConfigRequest{ActionType: actionType, Config: filled})
	if err != nil {
		t.Fatal(err)
	}
	if hasError(validated.Diagnostics) {
		return nil, validated.Diagnostics
	}
	planned, err := p.server.PlanAction(ctx, &tfprotov6.PlanActionRequest{ActionType: actionType, Config: filled})
	if err != nil {
		t.Fatal(err)
	}
	diags = append(validated.Diagnostics, planned.Diagnostics...)
	if hasError(diags) {
		return nil, diags
	}
	stream, err := p.server.InvokeAction(ctx, &tfprotov6.InvokeActionRequest{ActionType: actionType, Config: filled})
	if err != nil {
		t.Fatal(err)
	}
	for event := range stream.Events {
		switch event := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			progress = append(progress, event.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			diags = append(diags, event.Diagnostics...)
		}
	}
	return progress, diags
}

func hasError(diags []*tfprotov6.Diagnostic) bool {
	return slices.ContainsFunc(diags, func(d *tfprotov6.Diagnostic) bool { return d.Severity == tfprotov6.DiagnosticSeverityError })
}

// fill gives a configuration of the schema, null where config has nothing.
func fill(t *testing.T, schema *tfprotov6.Schema, config map[string]tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	object := schema.ValueType().(tftypes.Object)
	values := map[string]tftypes.Value{}
	for name, valueType := range object.AttributeTypes {
		values[name] = tftypes.NewValue(valueType, nil)
		if v, given := config[name]; given {
			values[name] = v
		}
	}
	filled, err := tfprotov6.NewDynamicValue(object, tftypes.NewValue(object, values))
	if err != nil {
		t.Fatal(err)
	}
	return &filled
}

func open(t *testing.T, value *tfprotov6.DynamicValue, valueType tftypes.Type) map[string]tftypes.Value {
	t.Helper()
	v, err := value.Unmarshal(valueType)
	fields := map[string]tftypes.Value{}
	if err == nil {
		err = v.As(&fields)
	}
	if err != nil {
		t.Fatal(err)
	}
	return fields
}
