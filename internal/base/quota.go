package base

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// What an account limits is counted while planning: what there is, and what the
// plan adds and takes away. Over the quota there is a warning, since Terraform
// does not say in which order it will do things, and a removal or a replacement
// may make room. The apply plans everything once more, so it knows again what is
// over; that is counted anew before the call. All else is left to the service,
// whose refusal then comes with the figures.
//
// What there is has to be listed for each holder. A new one has nothing. Of the
// others freeLists are asked, and more only where the plan alone adds more than
// half the quota: then a list is little beside the calls to come.
const freeLists = 10

// Limit is a quota of the account, or of one user, group or role.
type Limit struct {
	Holder ramapi.Principal // zero: the account
	Noun   string           // what is counted, in the plural
	Quota  string           // the most of it, as AccountSummary calls it
	Use    string           // of the account: how many there are, as AccountSummary calls it
	Hint   string           // where one too many may come from

	// List lists what the holder has, from what is known or, with fresh, now. It
	// is nil where the plan gives everything that there will be.
	List func(ctx context.Context, holder ramapi.Principal, fresh bool) ([]string, error)
}

// accountLimits are those of the account, by what they count.
var accountLimits = map[ramapi.Kind]Limit{
	ramapi.KindUser:   {Noun: "users", Quota: "UsersQuota", Use: "Users"},
	ramapi.KindGroup:  {Noun: "groups", Quota: "GroupsQuota", Use: "Groups"},
	ramapi.KindRole:   {Noun: "roles", Quota: "RolesQuota", Use: "Roles"},
	ramapi.KindPolicy: {Noun: "custom policies", Quota: "PoliciesQuota", Use: "Policies"},
}

// PoliciesOf is the limit on the policies of the type that a principal can have.
// Where the plan gives all of them, whole, what there is does not matter.
func (r *Resource) PoliciesOf(p ramapi.Principal, policyType string, whole bool) Limit {
	limit := Limit{Holder: p, Noun: "custom policies", Quota: fmt.Sprintf("AttachedPoliciesPer%sQuota", p.Kind)}
	if policyType == ramapi.PolicyTypeSystem {
		limit.Noun, limit.Quota = "system policies", fmt.Sprintf("AttachedSystemPoliciesPer%sQuota", p.Kind)
	}
	if whole {
		return limit
	}
	limit.List = func(ctx context.Context, holder ramapi.Principal, fresh bool) ([]string, error) {
		list := r.Client.PoliciesOf
		if fresh {
			list = r.Client.AttachedPolicies
		}
		policies, err := list(ctx, holder)
		var names []string
		for _, p := range policies {
			if p.Type == policyType {
				names = append(names, p.Name)
			}
		}
		return names, err
	}
	return limit
}

// GroupsOf is the limit on the groups that a user can be in.
func (r *Resource) GroupsOf(userName string) Limit {
	return Limit{
		Holder: ramapi.Principal{Kind: ramapi.KindUser, Name: userName}, Noun: "groups", Quota: "GroupsPerUserQuota",
		List: func(ctx context.Context, holder ramapi.Principal, fresh bool) ([]string, error) {
			if fresh {
				return r.Client.GroupsForUser(ctx, holder.Name)
			}
			return r.Client.KnownGroupsForUser(ctx, holder.Name)
		},
	}
}

// KeysOf is the limit on the access keys that a user can have.
func (r *Resource) KeysOf(userName string) Limit {
	return Limit{
		Holder: ramapi.Principal{Kind: ramapi.KindUser, Name: userName}, Noun: "access keys", Quota: "AccessKeysPerUserQuota",
		Hint: " Where an earlier apply was killed while it made a key, that is a key whose secret nobody has.",
		List: func(ctx context.Context, holder ramapi.Principal, fresh bool) ([]string, error) {
			list := r.Client.KnownAccessKeys
			if fresh {
				list = r.Client.AccessKeys
			}
			keys, err := list(ctx, holder.Name)
			var ids []string
			for _, k := range keys {
				ids = append(ids, k.ID)
			}
			return ids, err
		},
	}
}

func (l Limit) key() string {
	return strings.ToLower(strings.Join([]string{l.Quota, string(l.Holder.Kind), l.Holder.Name, fmt.Sprint(l.List == nil)}, "/"))
}

// say says what there is and what comes: the whole of one who gets exactly that.
func (l Limit) say(r *room, most int64, comes string) string {
	have, more := r.balance()
	who := "The account"
	if l.Holder.Kind != "" {
		who = fmt.Sprintf("RAM %s %q", lower(l.Holder.Kind), l.Holder.Name)
	}
	if l.Use == "" && l.List == nil {
		return fmt.Sprintf("%s can have %d %s, and %s %d.", who, most, l.Noun, comes, more)
	}
	names := ""
	if shown := r.names[:min(len(r.names), 5)]; len(shown) > 0 {
		names = " (" + strings.Join(shown, ", ")
		if len(shown) < len(r.names) {
			names += ", …"
		}
		names += ")"
	}
	return fmt.Sprintf("%s has %d of %d %s%s, and %s %d more.", who, have, most, l.Noun, names, comes, more)
}

// room is what is planned for what has a limit.
type room struct {
	of          entity          // whose, without a name for the account
	had         int             // how many there were when that was asked
	names       []string        // what there was, in its spelling
	there       map[string]bool // the same; nil where it was not asked
	comes, goes map[string]bool // by this plan
	over        bool
}

// plannedRooms are the rooms of one run.
type plannedRooms struct {
	mu    sync.Mutex
	rooms map[string]*room
	lists int // asked for so far

	unproven bool // it was said that the credentials are no good
}

func (p *plannedRooms) of(l Limit) *room {
	if p.rooms == nil {
		p.rooms = map[string]*room{}
	}
	found := p.rooms[l.key()]
	if found == nil {
		found = &room{of: entityOf(l.Holder.Kind, l.Holder.Name), comes: map[string]bool{}, goes: map[string]bool{}}
		p.rooms[l.key()] = found
	}
	return found
}

func (p *plannedRooms) forget(e entity) {
	p.mu.Lock()
	defer p.mu.Unlock()
	maps.DeleteFunc(p.rooms, func(_ string, r *room) bool { return r.of == e })
}

// PlanNew notes that the plan makes a user, group, role or policy of that name,
// and warns where the account has too many of them then.
func (r *Resource) PlanNew(ctx context.Context, kind ramapi.Kind, name types.String, diags *diag.Diagnostics) {
	if r.Client == nil || name.IsUnknown() {
		return
	}
	r.noteNew(entityOf(kind, name.ValueString()))
	r.PlanMore(ctx, accountLimits[kind], []string{name.ValueString()}, path.Root("name"), diags)
}

// CheckNew is CheckMore for what PlanNew noted.
func (r *Resource) CheckNew(ctx context.Context, kind ramapi.Kind, name types.String, diags *diag.Diagnostics) bool {
	return r.CheckMore(ctx, accountLimits[kind], []string{name.ValueString()}, path.Root("name"), diags, "Unable to create RAM %s %s", lower(kind), name)
}

// PlanGone notes that the plan deletes a user, group, role or policy.
func (r *Resource) PlanGone(kind ramapi.Kind, name types.String) {
	r.PlanLess(accountLimits[kind], []string{name.ValueString()})
}

// PlanLess notes that the plan takes away some of what has a limit.
func (r *Resource) PlanLess(l Limit, names []string) {
	if r.Client == nil {
		return
	}
	planned := Shared[plannedRooms](r)
	planned.mu.Lock()
	defer planned.mu.Unlock()
	for _, name := range names {
		planned.of(l).goes[strings.ToLower(name)] = true
	}
}

// PlanMore notes that the plan adds to what has a limit, and warns at the
// attribute where that is too much. An empty name is of one that has none yet.
// Where nothing was read before, this is the first to learn that the credentials
// are no good, and says so once.
func (r *Resource) PlanMore(ctx context.Context, l Limit, names []string, at path.Path, diags *diag.Diagnostics) {
	if r.Client == nil || len(names) == 0 {
		return
	}
	most, counted := r.Client.Quotas(ctx)[l.Quota]
	planned := Shared[plannedRooms](r)
	planned.mu.Lock()
	defer planned.mu.Unlock()
	if err := r.Client.Unproven(); err != nil && !planned.unproven {
		planned.unproven = true
		AddErrorf(diags, err, "Unable to use the credentials of the provider")
	}
	if !counted {
		return
	}
	room := planned.of(l)
	for _, name := range names {
		if name == "" {
			name = fmt.Sprintf("new/%d", len(room.comes))
		}
		room.comes[strings.ToLower(name)] = true
	}
	if !r.count(ctx, planned, room, l, most) {
		return
	}
	have, more := room.balance()
	if int64(have+more) <= most {
		return
	}
	room.over = true
	diags.AddAttributeWarning(at, "More "+l.Noun+" than the quota allows",
		l.say(room, most, "this plan adds")+" RAM refuses what is too much, unless something goes first: a replacement in the same plan may make room. "+
			"The apply counts again before it adds anything. Take some away, or have the quota raised.")
}

// CheckMore adds an error under the summary that format and args give, and
// returns false, where the plan was found to add too much and there still is no
// room. It asks nobody where the plan was not.
func (r *Resource) CheckMore(ctx context.Context, l Limit, names []string, at path.Path, diags *diag.Diagnostics, format string, args ...any) bool {
	planned := Shared[plannedRooms](r)
	planned.mu.Lock()
	over := planned.of(l).over
	planned.mu.Unlock()
	if !over {
		return true
	}
	most := r.Client.Quotas(ctx)[l.Quota]
	now := &room{comes: map[string]bool{}}
	for _, name := range names {
		now.comes[strings.ToLower(name)] = true
	}
	if l.Use != "" {
		summary, err := r.Client.AccountSummary(ctx)
		if err != nil {
			return true // the service will say
		}
		now.had, most = int(summary[l.Use]), summary[l.Quota]
	} else if l.List != nil {
		there, err := l.List(ctx, l.Holder, true)
		if err != nil {
			return true // the service will say
		}
		now.found(there)
	}
	have, more := now.balance()
	if int64(have+more) <= most {
		return true
	}
	diags.AddAttributeError(at, fmt.Sprintf(format, args...),
		l.say(now, most, "this adds")+" Nothing was sent. Take some away, or have the quota raised, and apply again."+l.Hint)
	return false
}

// count learns what there is, and reports whether that is known.
func (r *Resource) count(ctx context.Context, planned *plannedRooms, room *room, l Limit, most int64) bool {
	switch {
	case l.Use != "":
		room.had = int(r.Client.Quotas(ctx)[l.Use])
		return true
	case l.List == nil || room.there != nil || r.isNew(room.of):
		return true
	case planned.lists >= freeLists && int64(2*len(room.comes)) <= most:
		return false
	}
	planned.lists++
	holder := l.Holder
	if of, renamed := r.Client.PlannedRename(holder.Kind, holder.Name); renamed {
		holder = of
	}
	there, err := l.List(ctx, holder, false)
	if err != nil && !ramapi.IsNotFound(err) {
		return false
	}
	room.found(there)
	return true
}

func (r *room) found(names []string) {
	r.had, r.names, r.there = len(names), names, map[string]bool{}
	for _, name := range names {
		r.there[strings.ToLower(name)] = true
	}
}

// balance gives how many there are, without those that go, and how many more come.
func (r *room) balance() (have, more int) {
	have = r.had
	for name := range r.goes {
		if r.there == nil || r.there[name] {
			have--
		}
	}
	for name := range r.comes {
		if !r.there[name] || r.goes[name] {
			more++
		}
	}
	return max(have, 0), more
}
