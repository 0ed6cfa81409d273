package base

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// A run must not take away what it works with, nor the last way to administer
// the account, unless allow_lockout of the provider says so. Each refusal is
// asked for twice: in the plan, which may see several losses and refuses the one
// that is too much, and before the call. Both ask with the same functions.

const allowLockout = "Nothing of it was changed. Where it is meant, set allow_lockout = true in the provider block."

// RefuseOwnKey adds an error, and returns true, where the access key is one that
// this run signs its requests with. what is done to it: "Deleting".
func (p *Provider) RefuseOwnKey(ctx context.Context, what, id string, diags *diag.Diagnostics) (refused bool) {
	if p.AllowLockout || id == "" {
		return false
	}
	own, err := p.Client.UsesAccessKey(ctx, id)
	if err != nil {
		AddErrorf(diags, err, "Unable to learn whether access key %s is the one of this run", id)
		return true
	}
	if own {
		diags.AddError("This run would lock itself out",
			fmt.Sprintf("%s access key %s would leave this run without credentials: its requests are signed with that key. Give the provider another key for that. %s", what, id, allowLockout))
	}
	return own
}

// RefuseOwnIdentity adds an error, and returns true, where this run works as the
// user or the role, or has assumed its role as that. what is done to it: "Deleting".
func (p *Provider) RefuseOwnIdentity(ctx context.Context, what string, of ramapi.Principal, diags *diag.Diagnostics) (refused bool) {
	if p.AllowLockout {
		return false
	}
	callers, err := p.Client.Callers(ctx)
	if err != nil {
		AddErrorf(diags, err, "Unable to learn as whom this run works")
		return true
	}
	own := slices.ContainsFunc(callers, func(c ramapi.CallerIdentity) bool { return c.Is(of) })
	if own {
		diags.AddError("This run would lock itself out",
			fmt.Sprintf("%s RAM %s %q would leave this run without credentials: it works as that %[2]s, or took on its role as that %[2]s. "+
				"Give the provider other credentials for that. %[4]s", what, lower(of.Kind), of.Name, allowLockout))
	}
	return own
}

// RefuseOwnKey is that of the provider.
func (r *Resource) RefuseOwnKey(ctx context.Context, what, id string, diags *diag.Diagnostics) (refused bool) {
	return r.provider.RefuseOwnKey(ctx, what, id, diags)
}

// RefuseOwnIdentity is that of the provider.
func (r *Resource) RefuseOwnIdentity(ctx context.Context, what string, of ramapi.Principal, diags *diag.Diagnostics) (refused bool) {
	return r.provider.RefuseOwnIdentity(ctx, what, of, diags)
}

// RefuseDeletion adds an error, and returns true, where a user, group or role
// that is to be deleted is who this run works as, or with it goes the last
// AdministratorAccess.
func (r *Resource) RefuseDeletion(ctx context.Context, p ramapi.Principal, diags *diag.Diagnostics) (refused bool) {
	if r.RefuseOwnIdentity(ctx, "Deleting", p, diags) {
		return true
	}
	return r.refuseLoss(ctx, fmt.Sprintf("Deleting RAM %s %q", lower(p.Kind), p.Name), []loss{{of: p}}, diags)
}

// RefuseDetachment is RefuseDeletion for policies that are to be detached from
// a user, group or role for the whole account.
func (r *Resource) RefuseDetachment(ctx context.Context, p ramapi.Principal, policies []ramapi.AttachedPolicy, diags *diag.Diagnostics) (refused bool) {
	isAdministrator := func(policy ramapi.AttachedPolicy) bool {
		return policy.Is(administratorAccess, ramapi.PolicyTypeSystem)
	}
	return slices.ContainsFunc(policies, isAdministrator) && r.refuseLoss(ctx, fmt.Sprintf("Detaching %s from RAM %s %q", administratorAccess, lower(p.Kind), p.Name), []loss{{of: p, detached: true}}, diags)
}

// RefuseRemoval is RefuseDeletion for users who are to leave a group.
func (r *Resource) RefuseRemoval(ctx context.Context, group ramapi.Principal, userNames []string, diags *diag.Diagnostics) (refused bool) {
	losses := make([]loss, 0, len(userNames))
	for _, name := range userNames {
		losses = append(losses, loss{of: ramapi.Principal{Kind: ramapi.KindUser, Name: name}, group: group.Name})
	}
	return r.refuseLoss(ctx, fmt.Sprintf("Taking %s out of RAM group %q", strings.Join(userNames, ", "), group.Name), losses, diags)
}

// refuseLoss adds an error, and returns true, where the losses leave nobody with
// AdministratorAccess, or take it from the caller. They do not where the account
// itself is among the callers: it needs no policy.
func (r *Resource) refuseLoss(ctx context.Context, doing string, losses []loss, diags *diag.Diagnostics) bool {
	if r.provider.AllowLockout || len(losses) == 0 {
		return false
	}
	callers, err := r.Client.Callers(ctx)
	if err != nil {
		AddErrorf(diags, err, "Unable to learn as whom this run works")
		return true
	}
	if slices.ContainsFunc(callers, ramapi.CallerIdentity.IsRoot) {
		return false
	}
	all := Shared[administrators](r)
	all.mu.Lock()
	defer all.mu.Unlock()
	if err := all.ask(ctx, r.Client); err != nil {
		AddErrorf(diags, err, "Unable to learn who else has %s", administratorAccess)
		return true
	}
	before := all.left(nil)
	after := all.left(losses)
	isCaller := func(p ramapi.Principal) bool {
		return slices.ContainsFunc(callers, func(c ramapi.CallerIdentity) bool {
			return c.Is(p) || p.Kind == ramapi.KindUser && p.ID == "" && strings.EqualFold(c.UserName(), p.Name)
		})
	}
	switch {
	case len(before) > 0 && len(after) == 0:
		diags.AddError("The account would lose its last administrator",
			fmt.Sprintf("%s would leave no user and no role with %s, directly or through a group. What this run gives to others does not count: it may come too late. "+
				"Give it to somebody else first, in an apply of its own. %s", doing, administratorAccess, allowLockout))
		return true
	case slices.ContainsFunc(before, isCaller) && !slices.ContainsFunc(after, isCaller):
		diags.AddError("This run would lock itself out",
			fmt.Sprintf("%s would take %s from whom this run works as, who has it in no other way. Use other credentials in the provider for that. %s", doing, administratorAccess, allowLockout))
		return true
	}
	all.losses = append(all.losses, losses...)
	return false
}

// administrators are those who had AdministratorAccess when this process first
// asked, and what it takes away since. Who may not list them is not asked again.
type administrators struct {
	mu      sync.Mutex
	asked   bool
	holders []ramapi.Principal
	members map[string][]string // names, by the name of the group
	losses  []loss
}

// loss is a way to AdministratorAccess that ends: its holder is deleted, has it
// detached, or leaves the group that holds it.
type loss struct {
	of       ramapi.Principal
	detached bool
	group    string
}

func (a *administrators) ask(ctx context.Context, client *ramapi.Client) error {
	if a.asked {
		return nil
	}
	holders, err := client.PolicyPrincipals(ctx, administratorAccess, ramapi.PolicyTypeSystem)
	members := map[string][]string{}
	for _, holder := range holders {
		if holder.Kind == ramapi.KindGroup && err == nil {
			members[holder.Name], err = client.AllGroupMembers(ctx, holder.Name)
		}
	}
	switch {
	case ramapi.IsRefused(err) || ramapi.IsNotFound(err):
		holders = nil
	case err != nil:
		return err
	}
	a.asked, a.holders, a.members = true, holders, members
	return nil
}

// left gives the users and roles that have AdministratorAccess after what this
// process has taken away, and these losses too. Members of groups have no ids.
func (a *administrators) left(more []loss) []ramapi.Principal {
	losses := slices.Concat(a.losses, more)
	var left []ramapi.Principal
	for _, holder := range a.holders {
		if slices.ContainsFunc(losses, func(l loss) bool { return l.endsHolding(holder) }) {
			continue
		}
		if holder.Kind != ramapi.KindGroup {
			left = append(left, holder)
			continue
		}
		for _, name := range a.members[holder.Name] {
			member := ramapi.Principal{Kind: ramapi.KindUser, Name: name}
			if !slices.ContainsFunc(losses, func(l loss) bool { return l.endsMembership(member, holder.Name) }) {
				left = append(left, member)
			}
		}
	}
	return left
}

func (l loss) endsHolding(p ramapi.Principal) bool { return l.group == "" && l.isOf(p) }

func (l loss) endsMembership(p ramapi.Principal, group string) bool {
	return !l.detached && (l.group == "" || strings.EqualFold(l.group, group)) && l.isOf(p)
}

func (l loss) isOf(p ramapi.Principal) bool {
	if l.of.ID != "" && p.ID != "" {
		return l.of.Kind == p.Kind && l.of.ID == p.ID
	}
	return l.of.Kind == p.Kind && strings.EqualFold(l.of.Name, p.Name)
}
