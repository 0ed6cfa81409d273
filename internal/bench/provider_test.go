package bench

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/ram-provider/terraform-provider-ram/internal/provider"
)

// atOnce is how many resources Terraform works on at once.
const atOnce = 10

// ramProvider is the provider in this process, asked as Terraform asks it.
type ramProvider struct {
	server  tfprotov6.ProviderServer
	schemas map[string]tftypes.Object // of resources, by type name
}

// newProvider gives the provider, configured to work on the account of a server.
func newProvider(tb testing.TB, s *server) *ramProvider {
	tb.Helper()
	ctx := tb.Context()
	env := s.env()
	getenv := func(name string) string { return env[name] }
	providerServer, err := providerserver.NewProtocol6WithError(provider.NewWithEnv("bench", getenv))()
	if err != nil {
		tb.Fatal(err)
	}
	schema, err := providerServer.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err == nil {
		err = problem(schema.Diagnostics)
	}
	if err != nil {
		tb.Fatalf("asking for the schemas: %v", err)
	}
	p := &ramProvider{server: providerServer, schemas: map[string]tftypes.Object{}}
	for typeName, s := range schema.ResourceSchemas {
		p.schemas[typeName] = s.ValueType().(tftypes.Object)
	}
	config, err := emptyConfig(schema.Provider)
	if err != nil {
		tb.Fatal(err)
	}
	configured, err := providerServer.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.11.4", Config: &config})
	if err == nil {
		err = problem(configured.Diagnostics)
	}
	if err != nil {
		tb.Fatalf("configuring the provider: %v", err)
	}
	return p
}

// emptyConfig is a provider block without arguments.
func emptyConfig(schema *tfprotov6.Schema) (tfprotov6.DynamicValue, error) {
	return dynamicValue(schema.ValueType().(tftypes.Object))
}

// walk works on every item, ten at once, up to the first error.
func walk(items []item, one func(item) error) error {
	var next atomic.Int64
	var failed atomic.Pointer[error]
	var workers sync.WaitGroup
	for range atOnce {
		workers.Go(func() {
			for failed.Load() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(items) {
					return
				}
				if err := one(items[i]); err != nil {
					failed.CompareAndSwap(nil, &err)
				}
			}
		})
	}
	workers.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	return nil
}

// encode is the part of refresh that is not the provider's.
func (p *ramProvider) encode(it item) (encoded, error) {
	r := it.resource()
	return r.encode(p.schemas[r.typeName])
}

// refresh reads a resource and plans it, as `terraform plan` does. The error says what is wrong where the answers are
// not those of a resource with nothing to change.
func (p *ramProvider) refresh(ctx context.Context, it item) error {
	r, err := p.encode(it)
	if err != nil {
		return err
	}
	read, err := p.server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{
		TypeName: r.typeName, CurrentState: &r.state, Private: r.private,
	})
	if err == nil {
		err = problem(read.Diagnostics)
	}
	if err == nil {
		err = p.same(r, read.NewState)
	}
	if err != nil {
		return fmt.Errorf("reading %s %d: %w", r.typeName, it.index, err)
	}
	planned, err := p.server.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: r.typeName, PriorState: read.NewState, ProposedNewState: &r.state, Config: &r.config, PriorPrivate: read.Private,
	})
	if err == nil {
		err = problem(planned.Diagnostics)
	}
	if err == nil {
		err = p.same(r, planned.PlannedState)
	}
	if err == nil && len(planned.RequiresReplace) > 0 {
		err = fmt.Errorf("replaced because of %v", planned.RequiresReplace)
	}
	if err != nil {
		return fmt.Errorf("planning %s %d: %w", r.typeName, it.index, err)
	}
	return nil
}

// same gives an error where the answer is not the state that was sent.
func (p *ramProvider) same(r encoded, answer *tfprotov6.DynamicValue) error {
	if answer == nil {
		return fmt.Errorf("no answer")
	}
	if bytes.Equal(answer.MsgPack, r.state.MsgPack) {
		return nil
	}
	schema := p.schemas[r.typeName]
	want, err := r.state.Unmarshal(schema)
	if err != nil {
		return err
	}
	got, err := answer.Unmarshal(schema)
	if err != nil {
		return err
	}
	differences, err := want.Diff(got)
	if err != nil {
		return err
	}
	for _, d := range differences {
		// The values stay out of the message: one of them may be a secret.
		return fmt.Errorf("the answer differs from the state at %s", d.Path)
	}
	return nil
}

// problem gives the first error among diagnostics.
func problem(diagnostics []*tfprotov6.Diagnostic) error {
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return fmt.Errorf("%s: %s", d.Summary, d.Detail)
		}
	}
	return nil
}

func BenchmarkReadUser(b *testing.B) {
	people := account{people: 1000}
	p := newProvider(b, startServer(b, serverConfig{People: people.people}))
	r, err := p.encode(item{kind: user, index: 7})
	if err != nil {
		b.Fatal(err)
	}
	read := func() {
		answer, err := p.server.ReadResource(b.Context(), &tfprotov6.ReadResourceRequest{
			TypeName: r.typeName, CurrentState: &r.state, Private: r.private,
		})
		if err == nil {
			err = problem(answer.Diagnostics)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	read() // whatever is asked for once is known from here on
	b.ReportAllocs()
	for b.Loop() {
		read()
	}
}
