package main

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// fakeServer answers the two questions that a dump asks, and panics at any other.
type fakeServer struct {
	tfprotov6.ProviderServer

	schemas    tfprotov6.GetProviderSchemaResponse
	identities tfprotov6.GetResourceIdentitySchemasResponse
	err        error
}

func (s fakeServer) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return &s.schemas, s.err
}

func (s fakeServer) GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &s.identities, nil
}

func emptySchema() *tfprotov6.Schema {
	return &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{}}
}

func TestDump_printsEveryKindAsTerraformDoes(t *testing.T) {
	user := &tfprotov6.Schema{
		Version: 2,
		Block: &tfprotov6.SchemaBlock{
			Description:     "A user.",
			DescriptionKind: tfprotov6.StringKindMarkdown,
			Attributes: []*tfprotov6.SchemaAttribute{
				{Name: "name", Type: tftypes.String, Required: true, Description: "Who."},
				{Name: "password_wo", Type: tftypes.String, Optional: true, Sensitive: true, WriteOnly: true},
				{Name: "groups", Type: tftypes.Set{ElementType: tftypes.String}, Optional: true, Computed: true, Deprecated: true},
				{Name: "profile", Computed: true, NestedType: &tfprotov6.SchemaObject{
					Nesting:    tfprotov6.SchemaObjectNestingModeSingle,
					Attributes: []*tfprotov6.SchemaAttribute{{Name: "mfa", Type: tftypes.Bool, Computed: true}},
				}},
			},
			BlockTypes: []*tfprotov6.SchemaNestedBlock{
				{TypeName: "tag", Nesting: tfprotov6.SchemaNestedBlockNestingModeList, MaxItems: 3, Block: &tfprotov6.SchemaBlock{}},
			},
		},
	}
	server := fakeServer{
		schemas: tfprotov6.GetProviderSchemaResponse{
			Provider:                 emptySchema(),
			ResourceSchemas:          map[string]*tfprotov6.Schema{"ram_user": user},
			DataSourceSchemas:        map[string]*tfprotov6.Schema{"ram_users": emptySchema()},
			EphemeralResourceSchemas: map[string]*tfprotov6.Schema{"ram_key": emptySchema()},
			ListResourceSchemas:      map[string]*tfprotov6.Schema{"ram_user": emptySchema()},
			ActionSchemas:            map[string]*tfprotov6.ActionSchema{"ram_rotate": {Schema: emptySchema()}},
			Functions: map[string]*tfprotov6.Function{"arn": {
				Summary:           "Builds an ARN.",
				Return:            &tfprotov6.FunctionReturn{Type: tftypes.String},
				Parameters:        []*tfprotov6.FunctionParameter{{Name: "account", Type: tftypes.String, AllowNullValue: true}},
				VariadicParameter: &tfprotov6.FunctionParameter{Name: "parts", Type: tftypes.String},
			}},
		},
		identities: tfprotov6.GetResourceIdentitySchemasResponse{
			IdentitySchemas: map[string]*tfprotov6.ResourceIdentitySchema{"ram_user": {
				Version:            1,
				IdentityAttributes: []*tfprotov6.ResourceIdentitySchemaAttribute{{Name: "name", Type: tftypes.String, RequiredForImport: true}},
			}},
		},
	}
	const want = `{
		"format_version": "1.0",
		"provider_schemas": {"registry.terraform.io/hashicorp/ram": {
			"provider": {"version": 0, "block": {"description_kind": "plain"}},
			"resource_schemas": {"ram_user": {"version": 2, "block": {
				"attributes": {
					"name": {"type": "string", "description": "Who.", "description_kind": "plain", "required": true},
					"password_wo": {"type": "string", "description_kind": "plain", "optional": true, "sensitive": true, "write_only": true},
					"groups": {"type": ["set", "string"], "description_kind": "plain", "optional": true, "computed": true, "deprecated": true},
					"profile": {
						"nested_type": {
							"attributes": {"mfa": {"type": "bool", "description_kind": "plain", "computed": true}},
							"nesting_mode": "single"
						},
						"description_kind": "plain",
						"computed": true
					}
				},
				"block_types": {"tag": {"nesting_mode": "list", "block": {"description_kind": "plain"}, "max_items": 3}},
				"description": "A user.",
				"description_kind": "markdown"
			}}},
			"data_source_schemas": {"ram_users": {"version": 0, "block": {"description_kind": "plain"}}},
			"ephemeral_resource_schemas": {"ram_key": {"version": 0, "block": {"description_kind": "plain"}}},
			"list_resource_schemas": {"ram_user": {"version": 0, "block": {"description_kind": "plain"}}},
			"action_schemas": {"ram_rotate": {"block": {"description_kind": "plain"}}},
			"functions": {"arn": {
				"summary": "Builds an ARN.",
				"return_type": "string",
				"parameters": [{"name": "account", "is_nullable": true, "type": "string"}],
				"variadic_parameter": {"name": "parts", "type": "string"}
			}},
			"resource_identity_schemas": {"ram_user": {
				"version": 1,
				"attributes": {"name": {"type": "string", "required_for_import": true}}
			}}
		}}
	}`

	d, err := newDump(t.Context(), server)
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	if !sameJSON(t, string(got), want) {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestDump_refusesWhatTheProviderCallsAnError(t *testing.T) {
	tests := map[string]struct {
		server fakeServer
		want   string
	}{
		"a failed call": {
			server: fakeServer{err: errors.New("no answer")},
			want:   "asking for the schemas: no answer",
		},
		"an error among the schemas": {
			server: fakeServer{schemas: tfprotov6.GetProviderSchemaResponse{Diagnostics: []*tfprotov6.Diagnostic{
				{Severity: tfprotov6.DiagnosticSeverityError, Summary: "Invalid schema", Detail: "name has no type"},
			}}},
			want: "Invalid schema: name has no type",
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := newDump(t.Context(), tc.server)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

func sameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	var x, y any
	if err := json.Unmarshal([]byte(a), &x); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(b), &y); err != nil {
		t.Fatal(err)
	}
	return reflect.DeepEqual(x, y)
}
