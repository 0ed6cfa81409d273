package base

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	listschema "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// A singleton is a resource of something that every account has exactly one of,
// such as its password policy. It is not created but taken over, is known by
// the id of the account, and says what becomes of it when it is destroyed.

// singletons are those that this process has taken over, and those that it has
// read, which an earlier one took over. All are by type name.
type singletons struct {
	mu      sync.Mutex
	taken   map[string]string // the mark of the resource that did
	planned map[string]int    // how often a creation has been planned since
	read    map[string]uint64 // in which run
}

// takenKey is where a resource keeps its mark. `terraform test` may create and
// destroy it by one process, which must not take it for another one then.
const takenKey = "taken"

// Take notes that a resource of the type takes over what the account has one of.
// Where another one of this configuration has done so already it adds an error
// and returns false.
func (r *Resource) Take(ctx context.Context, typeName string, private PrivateWriter, diags *diag.Diagnostics) bool {
	s := &r.provider.singletons
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.taken[typeName] != "" && !s.isOfLaterRun(typeName) {
		diags.AddError(fmt.Sprintf("A second %s", typeName),
			fmt.Sprintf("The account has one of it, and another %s of this configuration manages it already: two would undo each other's settings. Nothing was changed. Keep one.", typeName))
		return false
	}
	if s.taken == nil {
		s.taken = map[string]string{}
	}
	s.taken[typeName] = rand.Text()
	delete(s.planned, typeName)
	diags.Append(SavePrivate(ctx, private, takenKey, s.taken[typeName])...)
	return true
}

// isOfLaterRun reports whether what is created now is not of the configuration
// that has taken over the singleton. `terraform test` may apply one after the
// other by one process, each with a state of its own. Terraform plans a creation,
// and once more when it applies it; of two in one configuration, one of these
// comes before the other is created.
func (s *singletons) isOfLaterRun(typeName string) bool { return s.planned[typeName] > 1 }

// IsTaken reports whether another resource of the type has taken over from the
// one that is destroyed, as one under another address does: then there is
// nothing to undo.
func (r *Resource) IsTaken(ctx context.Context, typeName string, private PrivateReader, diags *diag.Diagnostics) bool {
	own, _, more := LoadPrivate[string](ctx, private, takenKey)
	diags.Append(more...)
	s := &r.provider.singletons
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.taken[typeName] != "" && s.taken[typeName] != own
}

// Leave notes that the resource of the type is gone, or was not made after all.
func (r *Resource) Leave(typeName string) {
	s := &r.provider.singletons
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.taken, typeName)
	delete(s.read, typeName)
}

// NoteRead notes that a resource of the type has been read to refresh the state.
func (r *Resource) NoteRead(typeName string) {
	r.Client.NoteRefresh()
	s := &r.provider.singletons
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.read == nil {
		s.read = map[string]uint64{}
	}
	s.read[typeName] = r.Client.Run()
}

// PlanTake refuses the creation of a singleton of the type while the state has
// one, as far as that is known while planning. Terraform destroys the other one
// before or after the creation or not at all, and its destruction would give
// back older settings; of a tainted one it withholds which those were.
func (r *Resource) PlanTake(ctx context.Context, typeName string, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.provider == nil || !req.State.Raw.IsNull() || req.Plan.Raw.IsNull() {
		return
	}
	s := &r.provider.singletons
	s.mu.Lock()
	if s.planned == nil {
		s.planned = map[string]int{}
	}
	s.planned[typeName]++
	run, read := s.read[typeName]
	read = read && run == r.Client.Run() && r.Client.HasRefreshed()
	s.mu.Unlock()
	// A replacement that somebody asks for is given what the old one knows.
	found, diags := req.Private.GetKey(ctx, foundKey)
	resp.Diagnostics.Append(diags...)
	if read && found == nil {
		resp.Diagnostics.AddError(fmt.Sprintf("A second %s", typeName),
			fmt.Sprintf("The account has one of it, and the state has another %s already: two would undo each other's settings. Where that one has a new name in the configuration, "+
				"add a moved block. Where it is this one, and tainted, run terraform untaint: there is nothing to create anew.", typeName))
	}
}

// IsOwnAccount reports whether a singleton belongs to the account that the
// provider works on: what is known of it must not be read from another account,
// nor set there. Where it does not, or that cannot be learned, it adds an error.
func (r *Resource) IsOwnAccount(ctx context.Context, accountID types.String, diags *diag.Diagnostics) bool {
	caller, err := r.Client.CallerIdentity(ctx)
	if err != nil {
		AddErrorf(diags, err, "Unable to learn the ID of the account")
		return false
	}
	if accountID.ValueString() != caller.AccountID {
		diags.AddError("Another Alibaba Cloud account",
			fmt.Sprintf("This is of account %s, and the provider works on account %s. Nothing was changed. Give the provider credentials of the former, or run terraform state rm to forget this.",
				accountID.ValueString(), caller.AccountID))
		return false
	}
	return true
}

// AccountIDAttribute is the computed account_id of a singleton.
func AccountIDAttribute() schema.Attribute {
	return schema.StringAttribute{
		Computed:            true,
		MarkdownDescription: "ID of the account, 16 digits.",
		PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
	}
}

// AccountIdentity is the identity of a singleton.
func AccountIdentity() identityschema.Schema {
	return identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"account_id": identityschema.StringAttribute{RequiredForImport: true, Description: "ID of the account, 16 digits."},
	}}
}

// ImportByAccountID imports a singleton, by its id or its identity, into the
// attribute account_id. It refuses any account but the one that the provider
// works on.
func (r *Resource) ImportByAccountID(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	at := path.Root("account_id")
	id := types.StringValue(req.ID)
	if req.ID == "" && req.Identity != nil {
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, at, &id)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	caller, err := r.Client.CallerIdentity(ctx)
	if err != nil {
		AddErrorf(&resp.Diagnostics, err, "Unable to learn the ID of the account")
		return
	}
	if id.ValueString() != caller.AccountID {
		resp.Diagnostics.AddError("Invalid import ID",
			fmt.Sprintf("%s is not the ID of the account that the provider works on, which is %s.", id, caller.AccountID))
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, at, id)...)
	if resp.Identity != nil {
		resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, at, id)...)
	}
}

// ListSingleton lists what an account has one of; isThere tells whether this one
// has it, nil where each has.
func (r *Resource) ListSingleton(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream, of resource.ResourceWithImportState, what string, isThere func(context.Context) (bool, error)) {
	List(ctx, req, stream, of, what, func(yield func(Found, error) bool) {
		caller, err := r.Client.CallerIdentity(ctx)
		there := true
		if err == nil && isThere != nil {
			there, err = isThere(ctx)
		}
		if there || err != nil {
			yield(Found{DisplayName: caller.AccountID, Identity: Identity{"account_id": caller.AccountID}}, err)
		}
	})
}

// SingletonListSchema is the configuration of the list of a singleton, which
// there is nothing to pick from.
func SingletonListSchema(description string) listschema.Schema {
	return listschema.Schema{MarkdownDescription: description}
}

// What becomes of the settings of a singleton that is destroyed.
const (
	OnDestroyRestore = "restore" // what was found when the resource was created or imported; the default
	OnDestroyReset   = "reset"   // the service's defaults
	OnDestroyKeep    = "keep"    // what is there
)

// OnDestroyAttribute is the argument on_destroy of a singleton that has settings.
func OnDestroyAttribute() schema.Attribute {
	return schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "What happens to the settings when the resource is destroyed: `restore` gives back what was found when it was created or imported, " +
			"`reset` sets the service's defaults, `keep` leaves them as they are. `restore` when left out.",
		Validators: []validator.String{stringvalidator.OneOf(OnDestroyRestore, OnDestroyReset, OnDestroyKeep)},
	}
}

const foundKey = "found"

// SaveFound keeps the settings that were found when a singleton was taken over.
func SaveFound(ctx context.Context, private PrivateWriter, settings any) diag.Diagnostics {
	return SavePrivate(ctx, private, foundKey, settings)
}

// LoadFound gives the settings that SaveFound kept, and whether there are any.
func LoadFound[T any](ctx context.Context, private PrivateReader) (settings T, found bool, diags diag.Diagnostics) {
	return LoadPrivate[T](ctx, private, foundKey)
}

// FoundToRestore is LoadFound for a destruction that gives back what was found.
// Without it there is an error, and nothing must be changed.
func FoundToRestore[T any](ctx context.Context, private PrivateReader, diags *diag.Diagnostics) T {
	settings, found, loadDiags := LoadFound[T](ctx, private)
	diags.Append(loadDiags...)
	if !found && !loadDiags.HasError() {
		diags.AddAttributeError(path.Root("on_destroy"), "What was found is not known",
			"Terraform does not say which settings there were before this resource, so they cannot be given back. Nothing was changed. "+
				"Set on_destroy to keep or reset and apply, then destroy. Where the resource is tainted, run terraform untaint first.")
	}
	return settings
}
