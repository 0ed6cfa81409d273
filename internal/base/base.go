// Package base is what every resource and data source embeds: the client, the
// layout of errors as diagnostics, and the rules that hold for all attributes
// (see CONTRIBUTING, "One contract for attributes").
package base

import (
	"context"
	"reflect"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// Provider is what the provider block gives to resources and data sources.
type Provider struct {
	Client *ramapi.Client
	Tags   TagSettings
	Advice Advice

	// AllowLockout permits a run to delete what it is itself authenticated with,
	// and the account's last administrator.
	AllowLockout bool
	// ManageProvisioned permits changing users that SCIM or CloudSSO made.
	ManageProvisioned bool

	singletons singletons
	shared     shared
}

// Resource brings the client to a resource that embeds it.
type Resource struct {
	Client *ramapi.Client

	provider *Provider
}

// Configure takes the client from the provider. Terraform also calls it while
// validating, before there is one.
func (r *Resource) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	if p, ok := req.ProviderData.(*Provider); ok {
		r.Client, r.provider = p.Client, p
	}
}

// ValidateConfig notes that Terraform plans, or is about to, as far as it can be
// seen: in an apply, everything is known of what is planned once more.
func (r *Resource) ValidateConfig(_ context.Context, req resource.ValidateConfigRequest, _ *resource.ValidateConfigResponse) {
	if r.Client != nil && !req.Config.Raw.IsFullyKnown() {
		r.Client.NotePlan()
	}
}

// shared is what the resources of a provider have in common in one run.
type shared struct {
	mu     sync.Mutex
	run    uint64
	byType map[reflect.Type]any // pointers
}

// Shared gives the one T that the resources of a provider have in common, for
// what they must know of each other in a run. At first it is the zero value.
func Shared[T any](r *Resource) *T {
	in := &r.provider.shared
	in.mu.Lock()
	defer in.mu.Unlock()
	if run := r.Client.Run(); in.byType == nil || in.run != run {
		in.byType, in.run = map[reflect.Type]any{}, run
	}
	common, found := in.byType[reflect.TypeFor[T]()].(*T)
	if !found {
		common = new(T)
		in.byType[reflect.TypeFor[T]()] = common
	}
	return common
}

// DataSource brings the client to a data source that embeds it.
type DataSource struct {
	Client *ramapi.Client

	provider *Provider
}

// Configure takes the client from the provider.
func (d *DataSource) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	if p, ok := req.ProviderData.(*Provider); ok {
		d.Client, d.provider = p.Client, p
	}
}

// Unchanged reports whether a read has found what the state has already, so that
// the response, which begins with it, can stay as it is.
func Unchanged[Model any](before, after Model) bool { return reflect.DeepEqual(before, after) }

// PlansNothing reports whether the plan leaves a resource as it is, so that
// there is nothing to modify.
func PlansNothing(req resource.ModifyPlanRequest) bool { return req.Plan.Raw.Equal(req.State.Raw) }
