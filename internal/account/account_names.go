package account

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// nameResource is what ram_account_alias and ram_default_domain have in common.
//
// RAM moves the alias and the default domain together, or does not: its
// documentation is not certain. So whoever sets one may change the other, each
// notes both as it found them, and puts both back.
type nameResource struct{ base.Resource }

// namesInUse is what the two resources of a provider know of each other.
type namesInUse struct {
	mu            sync.Mutex
	alias, domain configuredName

	undone   *foundNames // what the one destroyed first went back to; guarded by the lock on the names
	undoneAt time.Time
}

// configuredName is a name as configured, empty where none is known to be, and
// whether it has been set since it was planned. Then it may be of a run before:
// see ramapi.Client.NotePlan. It is where the other name is planned twice
// after that, first by a plan and then by its apply.
type configuredName struct {
	name         string
	set          bool
	otherPlanned int
}

// foundNames are the names of the account when it came under the management of
// a resource.
type foundNames struct {
	ramapi.AccountNames
	At time.Time
}

// plan notes the name that is configured. It adds an error where that and the
// other name are not those of one account.
func (r *nameResource) plan(own string, name types.String, diags *diag.Diagnostics) {
	r.manage(own, configuredName{name: name.ValueString()}, name.IsUnknown(), diags)
}

// check is plan for a name that is about to be set. It returns false after
// adding an error.
func (r *nameResource) check(own string, name types.String, diags *diag.Diagnostics) bool {
	return r.manage(own, configuredName{name: name.ValueString(), set: true}, false, diags)
}

func (r *nameResource) manage(own string, name configuredName, unknown bool, diags *diag.Diagnostics) bool {
	if r.Client == nil || unknown {
		return true
	}
	in := base.Shared[namesInUse](&r.Resource)
	in.mu.Lock()
	defer in.mu.Unlock()
	at, mine, other := path.Root("account_alias"), &in.alias, &in.domain
	if own == ownDomain {
		at, mine, other = path.Root("default_domain_name"), &in.domain, &in.alias
	}
	switch {
	case mine.name != "" && mine.name != name.name:
		*other = configuredName{} // of another plan, which nothing came of
	case other.set && !name.set:
		other.otherPlanned++
	case other.set && other.otherPlanned > 1:
		*other = configuredName{}
	}
	*mine = name
	alias, domain := in.alias.name, in.domain.name
	if alias == "" || domain == "" || other.set && !name.set || strings.EqualFold(alias+ramapi.DomainSuffix, domain) {
		return true
	}
	diags.AddAttributeError(at, "Alias and default domain contradict each other",
		fmt.Sprintf("The account's default domain is its alias with %[1]s behind it: setting either sets both. ram_account_alias has %[2]q and ram_default_domain has %[3]q, "+
			"so each would undo the other. Nothing of this resource was changed. Make the domain %[4]q, or manage only one of the two.", ramapi.DomainSuffix, alias, domain, alias+ramapi.DomainSuffix))
	return false
}

// What a resource calls its own name.
const (
	ownAlias  = "alias"
	ownDomain = "default domain"
)

// undo makes of the names what on_destroy says.
func (r *nameResource) undo(ctx context.Context, own string, onDestroy types.String, private base.PrivateReader, diags *diag.Diagnostics) {
	var found foundNames
	reset := onDestroy.ValueString() == base.OnDestroyReset
	switch {
	case onDestroy.ValueString() == base.OnDestroyKeep:
		return
	case reset:
		var more diag.Diagnostics
		found, _, more = base.LoadFound[foundNames](ctx, private)
		diags.Append(more...)
	default:
		found = base.FoundToRestore[foundNames](ctx, private, diags)
	}
	if diags.HasError() {
		return
	}
	unlock, err := r.Client.LockAccountNames(ctx)
	if err == nil {
		defer unlock()
		err = r.putBack(ctx, own, found, reset, diags)
	}
	if err != nil {
		base.AddErrorf(diags, err, "Unable to restore the %s of the account", own)
	}
}

// putBack restores the resource's own name. The other one goes back with it
// where the two match now, since then one may come of the other; otherwise it
// stays as it is.
func (r *nameResource) putBack(ctx context.Context, own string, found foundNames, reset bool, diags *diag.Diagnostics) error {
	caller, err := r.Client.CallerIdentity(ctx)
	if err != nil {
		return err
	}
	now, err := r.Client.AccountNames(ctx)
	if err != nil {
		return err
	}
	in := base.Shared[namesInUse](&r.Resource)
	// The other resource is undone already, while this one was there, and came before it.
	afterOther := in.undone != nil && in.undone.At.Before(found.At) && in.undoneAt.After(found.At)
	if afterOther && match(found.AccountNames, caller.AccountID) {
		// What this one found was the other's doing.
		found.AccountNames = in.undone.AccountNames
	}
	want := found.AccountNames
	if reset {
		want = ramapi.AccountNames{DefaultDomain: caller.AccountID + ramapi.DomainSuffix}
	}
	_, otherFound := parts(own, &found.AccountNames)
	ownWanted, otherWanted := parts(own, &want)
	ownNow, otherNow := parts(own, &now)
	pair := match(now, caller.AccountID)
	if !pair || afterOther {
		*otherWanted = *otherNow
	}
	switch {
	case *ownWanted == *ownNow:
	case reset && pair && *otherFound == *otherNow:
		// The other one is as it was found, so what RAM makes of it is right.
		err = r.setOwn(ctx, own, *ownWanted)
	default:
		err = r.restore(ctx, want, diags)
	}
	if err == nil {
		in.undone, in.undoneAt = &foundNames{want, found.At}, time.Now()
	}
	return err
}

func (r *nameResource) setOwn(ctx context.Context, own, name string) error {
	if own == ownAlias {
		return r.Client.SetAccountAlias(ctx, name)
	}
	return r.Client.SetDefaultDomain(ctx, name)
}

func (r *nameResource) restore(ctx context.Context, want ramapi.AccountNames, diags *diag.Diagnostics) error {
	got, err := r.Client.RestoreAccountNames(ctx, want)
	if err == nil && got != want {
		diags.AddWarning("The account has not got back both of its names",
			fmt.Sprintf("It should have the alias %q and the default domain %q, which the service does not take together. It has %q and %q.",
				want.Alias, want.DefaultDomain, got.Alias, got.DefaultDomain))
	}
	return err
}

// parts gives a resource's own name and the other one.
func parts(own string, names *ramapi.AccountNames) (mine, other *string) {
	if own == ownAlias {
		return &names.Alias, &names.DefaultDomain
	}
	return &names.DefaultDomain, &names.Alias
}

var accountAlias = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func validAlias(alias string) bool {
	return len(alias) >= 3 && len(alias) <= 32 && accountAlias.MatchString(alias)
}

// match reports whether the names are what one of them makes of the other: the
// domain is the alias's, or cannot be any alias's and there is none.
func match(names ramapi.AccountNames, accountID string) bool {
	label := strings.TrimSuffix(names.DefaultDomain, ramapi.DomainSuffix)
	return strings.EqualFold(label, names.Alias) || names.Alias == "" && (label == accountID || !validAlias(label))
}
