package acctest

import (
	"context"
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Protocol speaks the provider's own protocol, for what the Terraform at hand is
// too old for: list resources and actions.
type Protocol struct {
	server     protocolServer
	schemas    *tfprotov6.GetProviderSchemaResponse
	identities map[string]*tfprotov6.ResourceIdentitySchema
}

type protocolServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
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
	identities, err := server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		t.Fatal(err)
	}
	p.identities = identities.IdentitySchemas
	configured, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: fill(t, p.schemas.Provider, config)})
	if err != nil {
		t.Fatal(err)
	}
	check(t, "configuring the provider", configured.Diagnostics)
	return p
}

// check ends the test where the diagnostics have an error.
func check(t *testing.T, what string, diags []*tfprotov6.Diagnostic) {
	t.Helper()
	if d := failure(diags); d != nil {
		t.Fatalf("%s: %s: %s", what, d.Summary, d.Detail)
	}
}

// failure gives the first error, nil where there is none.
func failure(diags []*tfprotov6.Diagnostic) *tfprotov6.Diagnostic {
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return d
		}
	}
	return nil
}

// Types gives the names of the resources, and of those that can be listed.
func (p *Protocol) Types() (resources, listed []string) {
	return slices.Sorted(maps.Keys(p.schemas.ResourceSchemas)), slices.Sorted(maps.Keys(p.schemas.ListResourceSchemas))
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
	filled := fill(t, schema, config)
	valid, err := p.server.ValidateListResourceConfig(ctx, &tfprotov6.ValidateListResourceConfigRequest{TypeName: typeName, Config: filled})
	if err != nil {
		t.Fatal(err)
	}
	if failure(valid.Diagnostics) != nil {
		return []Listed{{Diagnostics: valid.Diagnostics}}
	}
	stream, err := p.server.ListResource(ctx, &tfprotov6.ListResourceRequest{TypeName: typeName, Config: filled, IncludeResource: includeResource, Limit: limit})
	if err != nil {
		t.Fatal(err)
	}
	var all []Listed
	for result := range stream.Results {
		one := Listed{DisplayName: result.DisplayName, Diagnostics: result.Diagnostics}
		if result.Identity != nil {
			one.Identity = open(t, result.Identity.IdentityData, p.identities[typeName].ValueType())
		}
		if result.Resource != nil {
			one.Resource = open(t, result.Resource, p.schemas.ResourceSchemas[typeName].ValueType())
		}
		all = append(all, one)
	}
	return all
}

// Import imports the resource with the identity into an empty state, and reads
// it, as Terraform does.
func (p *Protocol) Import(ctx context.Context, t *testing.T, typeName string, identity map[string]tftypes.Value) map[string]tftypes.Value {
	t.Helper()
	identityType := p.identities[typeName].ValueType()
	data, err := tfprotov6.NewDynamicValue(identityType, tftypes.NewValue(identityType, identity))
	if err != nil {
		t.Fatal(err)
	}
	imported, err := p.server.ImportResourceState(ctx, &tfprotov6.ImportResourceStateRequest{TypeName: typeName, Identity: &tfprotov6.ResourceIdentityData{IdentityData: &data}})
	if err != nil {
		t.Fatal(err)
	}
	check(t, "importing "+typeName, imported.Diagnostics)
	one := imported.ImportedResources[0]
	read, err := p.server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{TypeName: typeName, CurrentState: one.State, Private: one.Private, CurrentIdentity: one.Identity})
	if err != nil {
		t.Fatal(err)
	}
	check(t, "reading "+typeName, read.Diagnostics)
	return open(t, read.NewState, p.schemas.ResourceSchemas[typeName].ValueType())
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
	if failure(validated.Diagnostics) != nil {
		return nil, validated.Diagnostics
	}
	planned, err := p.server.PlanAction(ctx, &tfprotov6.PlanActionRequest{ActionType: actionType, Config: filled})
	if err != nil {
		t.Fatal(err)
	}
	diags = append(validated.Diagnostics, planned.Diagnostics...)
	if failure(diags) != nil {
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

// fill gives a configuration of the schema, null where config has nothing.
func fill(t *testing.T, schema *tfprotov6.Schema, config map[string]tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	object := schema.ValueType().(tftypes.Object)
	values := map[string]tftypes.Value{}
	for name, valueType := range object.AttributeTypes {
		values[name] = tftypes.NewValue(valueType, nil)
	}
	for name, value := range config {
		if _, found := object.AttributeTypes[name]; !found {
			t.Fatalf("there is no argument %s", name)
		}
		values[name] = value
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
