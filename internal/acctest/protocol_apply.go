package acctest

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Kept is what a state has of a resource; the zero value is nothing.
type Kept struct {
	Attributes map[string]tftypes.Value // nil for nothing

	private []byte
}

// Text gives a text of the attributes, empty for null and for nothing.
func (k Kept) Text(t *testing.T, attribute string) string {
	t.Helper()
	var text *string
	if v, found := k.Attributes[attribute]; found {
		if err := v.As(&text); err != nil {
			t.Fatal(err)
		}
	}
	if text == nil {
		return ""
	}
	return *text
}

// Apply reads, plans and applies a resource, as `terraform apply` does with one
// that it need not replace. It gives what the state has then, whether there was
// something to do, and the diagnostics of all three.
func (p *Protocol) Apply(ctx context.Context, t *testing.T, typeName string, kept Kept, config map[string]tftypes.Value) (after Kept, changed bool, diags []*tfprotov6.Diagnostic) {
	t.Helper()
	schema := p.schemas.ResourceSchemas[typeName]
	kept, diags = p.refresh(ctx, t, typeName, kept)
	if failure(diags) != nil {
		return kept, false, diags
	}
	prior, configured := p.stateOf(t, typeName, kept), fill(t, schema, config)
	planned, err := p.server.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: typeName, PriorState: prior, PriorPrivate: kept.private, Config: configured, ProposedNewState: fill(t, schema, proposed(schema, kept, config)),
	})
	if err != nil {
		t.Fatal(err)
	}
	diags = append(diags, planned.Diagnostics...)
	if failure(diags) != nil {
		return kept, false, diags
	}
	if len(planned.RequiresReplace) > 0 {
		t.Fatalf("%s would be replaced", typeName)
	}
	if p.isKept(t, typeName, planned.PlannedState, kept) {
		return kept, false, diags
	}
	applied, err := p.server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: typeName, PriorState: prior, Config: configured, PlannedState: planned.PlannedState, PlannedPrivate: planned.PlannedPrivate,
	})
	if err != nil {
		t.Fatal(err)
	}
	return p.kept(t, typeName, applied.NewState, applied.Private), true, append(diags, applied.Diagnostics...)
}

func (p *Protocol) refresh(ctx context.Context, t *testing.T, typeName string, kept Kept) (Kept, []*tfprotov6.Diagnostic) {
	t.Helper()
	if kept.Attributes == nil {
		return kept, nil
	}
	read, err := p.server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{TypeName: typeName, CurrentState: p.stateOf(t, typeName, kept), Private: kept.private})
	if err != nil {
		t.Fatal(err)
	}
	if failure(read.Diagnostics) != nil {
		return kept, read.Diagnostics
	}
	return p.kept(t, typeName, read.NewState, read.Private), read.Diagnostics
}

// proposed merges the configuration into what is kept, as Terraform does.
func proposed(schema *tfprotov6.Schema, kept Kept, config map[string]tftypes.Value) map[string]tftypes.Value {
	values := map[string]tftypes.Value{}
	for _, a := range schema.Block.Attributes {
		if v, given := config[a.Name]; given {
			values[a.Name] = v
		} else if v, found := kept.Attributes[a.Name]; found && a.Computed {
			values[a.Name] = v
		}
	}
	return values
}

func (p *Protocol) stateOf(t *testing.T, typeName string, kept Kept) *tfprotov6.DynamicValue {
	t.Helper()
	schema := p.schemas.ResourceSchemas[typeName]
	if kept.Attributes != nil {
		return fill(t, schema, kept.Attributes)
	}
	nothing, err := tfprotov6.NewDynamicValue(schema.ValueType(), tftypes.NewValue(schema.ValueType(), nil))
	if err != nil {
		t.Fatal(err)
	}
	return &nothing
}

func (p *Protocol) kept(t *testing.T, typeName string, state *tfprotov6.DynamicValue, private []byte) Kept {
	t.Helper()
	v, err := state.Unmarshal(p.schemas.ResourceSchemas[typeName].ValueType())
	if err != nil {
		t.Fatal(err)
	}
	if v.IsNull() {
		return Kept{}
	}
	return Kept{open(t, state, p.schemas.ResourceSchemas[typeName].ValueType()), private}
}

func (p *Protocol) isKept(t *testing.T, typeName string, planned *tfprotov6.DynamicValue, kept Kept) bool {
	t.Helper()
	for name, v := range p.kept(t, typeName, planned, nil).Attributes {
		if old, found := kept.Attributes[name]; !found || !v.Equal(old) {
			return false
		}
	}
	return true
}
