package adopt

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// account is an account as the provider shows it.
type account struct {
	server     server
	schemas    *tfprotov6.GetProviderSchemaResponse
	identities *tfprotov6.GetResourceIdentitySchemasResponse
	warnings   []string
}

type server interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
}

// connect configures the provider as an empty provider block does.
func connect(ctx context.Context, p provider.Provider) (*account, error) {
	s, err := providerserver.NewProtocol6WithError(p)()
	if err != nil {
		return nil, err
	}
	a := &account{server: s.(server)}
	if a.schemas, err = s.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{}); err != nil {
		return nil, err
	}
	if a.identities, err = s.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{}); err != nil {
		return nil, err
	}
	config, err := nothing(a.schemas.Provider)
	if err != nil {
		return nil, err
	}
	configured, err := s.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{Config: config})
	if err != nil {
		return nil, err
	}
	return a, a.check(configured.Diagnostics)
}

// order is that in which types are read and shown: what others refer to comes first.
var order = []string{
	"ram_user", "ram_login_profile", "ram_access_key", "ram_access_key_policy", "ram_virtual_mfa_device",
	"ram_group", "ram_group_membership", "ram_role", "ram_service_linked_role", "ram_policy", "ram_policy_attachment",
}

// types gives the types of resources that can be listed.
func (a *account) types() []string {
	rank := func(name string) int {
		if i := slices.Index(order, name); i >= 0 {
			return i
		}
		return len(order)
	}
	return slices.SortedStableFunc(slices.Values(slices.Sorted(maps.Keys(a.schemas.ListResourceSchemas))),
		func(x, y string) int { return rank(x) - rank(y) })
}

// list gives all things of a type, and tells progress how many have been read.
func (a *account) list(ctx context.Context, typeName string, progress func(int)) ([]*thing, error) {
	progress(0)
	config, err := nothing(a.schemas.ListResourceSchemas[typeName])
	if err != nil {
		return nil, err
	}
	stream, err := a.server.ListResource(ctx, &tfprotov6.ListResourceRequest{TypeName: typeName, Config: config, IncludeResource: true, Limit: math.MaxInt64})
	if err != nil {
		return nil, err
	}
	var found []*thing
	for result := range stream.Results {
		if err := a.check(result.Diagnostics); err != nil {
			return nil, err
		}
		if result.Identity == nil && len(result.Diagnostics) > 0 {
			continue // a warning, of what is left out
		}
		t, err := a.thing(ctx, typeName, result)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", typeName, result.DisplayName, err)
		}
		found = append(found, t)
		progress(len(found))
	}
	return found, ctx.Err()
}

// thing makes one of what a list resource gave.
func (a *account) thing(ctx context.Context, typeName string, result tfprotov6.ListResourceResult) (*thing, error) {
	if result.Identity == nil || result.Resource == nil {
		return nil, errors.New("the provider did not say what it is")
	}
	identity, err := fields(result.Identity.IdentityData, a.identities.IdentitySchemas[typeName].ValueType())
	if err != nil {
		return nil, err
	}
	valueType := a.schemas.ResourceSchemas[typeName].ValueType()
	state, err := fields(result.Resource, valueType)
	if err != nil {
		return nil, err
	}
	generated, err := a.server.GenerateResourceConfig(ctx, &tfprotov6.GenerateResourceConfigRequest{TypeName: typeName, State: result.Resource})
	if err != nil {
		return nil, err
	}
	if err := a.check(generated.Diagnostics); err != nil {
		return nil, err
	}
	config, err := fields(generated.Config, valueType)
	if err != nil {
		return nil, err
	}
	return &thing{typeName: typeName, identity: identity, state: state, config: config, schema: a.schemas.ResourceSchemas[typeName].Block}, nil
}

// check gives the first error of what the provider said, and keeps its warnings.
func (a *account) check(diags []*tfprotov6.Diagnostic) error {
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return fmt.Errorf("%s\n\n%s", d.Summary, d.Detail)
		}
		if text := d.Summary + "\n\n" + d.Detail; !slices.Contains(a.warnings, text) {
			a.warnings = append(a.warnings, text)
		}
	}
	return nil
}

// nothing gives the configuration in which every argument is left out.
func nothing(schema *tfprotov6.Schema) (*tfprotov6.DynamicValue, error) {
	object := schema.ValueType().(tftypes.Object)
	values := map[string]tftypes.Value{}
	for name, valueType := range object.AttributeTypes {
		values[name] = tftypes.NewValue(valueType, nil)
	}
	value, err := tfprotov6.NewDynamicValue(object, tftypes.NewValue(object, values))
	return &value, err
}

// fields gives the attributes of an object.
func fields(value *tfprotov6.DynamicValue, valueType tftypes.Type) (map[string]tftypes.Value, error) {
	v, err := value.Unmarshal(valueType)
	if err != nil {
		return nil, err
	}
	all := map[string]tftypes.Value{}
	return all, v.As(&all)
}
