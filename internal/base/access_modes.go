package base

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/policydoc"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// Two combinations are unwise, each half of which is fine: a console login
// together with an access key, and an access key of an administrator. The parts
// are made by different resources, of this run or of an earlier one, so each of
// them says here what it plans to make and asks for the others. Who is an
// administrator may be so through a group.
//
// It is all asked while planning. Terraform plans once more when it applies, with
// what was unknown at first: then it is asked before the call that makes it.

// administratorAccess is the system policy that allows everything.
const administratorAccess = "AdministratorAccess"

// accessModes is what this run gives to users and groups, as far as it has been planned.
type accessModes struct {
	mu           sync.Mutex
	logins, keys map[entity]bool // of users
	attached     map[entity][]ramapi.AttachedPolicy
	groups       map[entity][]string // those that users join
	members      map[entity][]string // users who join a group
	everything   map[entity]bool     // whether a custom policy allows everything

	// Users of whom it was said.
	saidLoginAndKey, saidPowerfulKey map[entity]bool
}

// PlanPolicy notes whether a custom policy will allow everything.
func (r *Resource) PlanPolicy(name types.String, everything bool) {
	if modes, ok := r.modes(name); ok {
		note(modes, &modes.everything, aPolicy(name.ValueString()), everything)
	}
}

// PlanLogin notes that the user gets a console login, and advises where there is
// an active access key.
func (r *Resource) PlanLogin(ctx context.Context, user types.String, diags *diag.Diagnostics) {
	modes, ok := r.modes(user)
	if !ok {
		return
	}
	note(modes, &modes.logins, aUser(user.ValueString()), true)
	if r.hasKey(ctx, modes, user.ValueString(), diags) {
		r.adviseOfLoginAndKey(modes, user.ValueString(), diags)
	}
}

// PlanAccessKey notes that the user gets an active access key, and advises where
// there is a console login, or a policy that allows everything.
func (r *Resource) PlanAccessKey(ctx context.Context, user types.String, diags *diag.Diagnostics) {
	modes, ok := r.modes(user)
	if !ok {
		return
	}
	name := user.ValueString()
	note(modes, &modes.keys, aUser(name), true)
	if r.hasLogin(ctx, modes, name, diags) {
		r.adviseOfLoginAndKey(modes, name, diags)
	}
	if policy := r.powerful(ctx, modes, r.policiesOf(ctx, modes, ramapi.KindUser, name, diags), diags); policy != "" {
		r.adviseOfPowerfulKey(modes, name, policy, "", path.Root("user_name"), diags)
		return
	}
	for _, group := range r.groupsOf(ctx, modes, name, diags) {
		if policy := r.powerful(ctx, modes, r.policiesOf(ctx, modes, ramapi.KindGroup, group, diags), diags); policy != "" {
			r.adviseOfPowerfulKey(modes, name, policy, group, path.Root("user_name"), diags)
			return
		}
	}
}

// PlanPolicies notes that a user or group gets the policies for the whole
// account, and advises where one of them allows everything and there is an
// active access key, of a member for instance. at is what the advice is about.
func (r *Resource) PlanPolicies(ctx context.Context, kind ramapi.Kind, name types.String, policies []ramapi.AttachedPolicy, at path.Path, diags *diag.Diagnostics) {
	modes, ok := r.modes(name)
	if !ok || kind == ramapi.KindRole {
		return
	}
	to := name.ValueString()
	add(modes, &modes.attached, entityOf(kind, to), policies...)
	policy := r.powerful(ctx, modes, policies, diags)
	if policy == "" {
		return
	}
	users, group := []string{to}, ""
	if kind == ramapi.KindGroup {
		users, group = r.membersOf(ctx, modes, to, diags), to
	}
	for _, user := range users {
		if r.hasKey(ctx, modes, user, diags) {
			r.adviseOfPowerfulKey(modes, user, policy, group, at, diags)
		}
	}
}

// PlanJoining notes that users join a group, and advises where it has a policy
// that allows everything, and they have an active access key.
func (r *Resource) PlanJoining(ctx context.Context, group types.String, users []string, at path.Path, diags *diag.Diagnostics) {
	modes, ok := r.modes(group)
	if !ok {
		return
	}
	name := group.ValueString()
	var mayHaveKeys []string
	for _, user := range users {
		add(modes, &modes.groups, aUser(user), name)
		add(modes, &modes.members, aGroup(name), user)
		if has, settled := r.knows(modes, &modes.keys, user); has || !settled {
			mayHaveKeys = append(mayHaveKeys, user)
		}
	}
	if len(mayHaveKeys) == 0 {
		return // most users are new, or people: nothing is asked then
	}
	policy := r.powerful(ctx, modes, r.policiesOf(ctx, modes, ramapi.KindGroup, name, diags), diags)
	if policy == "" {
		return
	}
	for _, user := range mayHaveKeys {
		if r.hasKey(ctx, modes, user, diags) {
			r.adviseOfPowerfulKey(modes, user, policy, name, at, diags)
		}
	}
}

// modes gives what this run knows, unless nobody wants advice or the name is not
// known yet.
func (r *Resource) modes(name types.String) (modes *accessModes, ok bool) {
	if r.provider == nil || r.provider.Advice == AdviceOff || name.IsUnknown() || name.IsNull() {
		return nil, false
	}
	return Shared[accessModes](r), true
}

func (r *Resource) hasLogin(ctx context.Context, modes *accessModes, user string, diags *diag.Diagnostics) bool {
	if has, settled := r.knows(modes, &modes.logins, user); settled {
		return has
	}
	login, err := r.Client.LoginProfile(ctx, r.now(ramapi.KindUser, user).Name)
	r.addUnanswered(diags, err, "Unable to learn whether RAM user %q has a console login", user)
	return err == nil && login.Status == "Active"
}

func (r *Resource) hasKey(ctx context.Context, modes *accessModes, user string, diags *diag.Diagnostics) bool {
	if has, settled := r.knows(modes, &modes.keys, user); settled {
		return has
	}
	has, err := r.Client.HasActiveAccessKey(ctx, r.now(ramapi.KindUser, user).Name)
	r.addUnanswered(diags, err, "Unable to learn whether RAM user %q has an access key", user)
	return has
}

// policiesOf gives what a user or group has or gets for the whole account.
func (r *Resource) policiesOf(ctx context.Context, modes *accessModes, kind ramapi.Kind, name string, diags *diag.Diagnostics) []ramapi.AttachedPolicy {
	policies := added(modes, &modes.attached, entityOf(kind, name))
	if r.isNew(entityOf(kind, name)) {
		return policies
	}
	has, err := r.Client.PoliciesOf(ctx, r.now(kind, name))
	r.addUnanswered(diags, err, "Unable to learn which policies RAM %s %q has", lower(kind), name)
	return append(policies, has...)
}

// groupsOf gives the groups that the user is in or joins.
func (r *Resource) groupsOf(ctx context.Context, modes *accessModes, user string, diags *diag.Diagnostics) []string {
	groups := added(modes, &modes.groups, aUser(user))
	if r.isNew(aUser(user)) {
		return groups
	}
	has, err := r.Client.KnownGroupsForUser(ctx, r.now(ramapi.KindUser, user).Name)
	r.addUnanswered(diags, err, "Unable to learn which groups RAM user %q is in", user)
	return append(groups, has...)
}

// membersOf gives the users who are in the group or join it.
func (r *Resource) membersOf(ctx context.Context, modes *accessModes, group string, diags *diag.Diagnostics) []string {
	users := added(modes, &modes.members, aGroup(group))
	if r.isNew(aGroup(group)) {
		return users
	}
	has, err := r.Client.AllGroupMembers(ctx, r.now(ramapi.KindGroup, group).Name)
	r.addUnanswered(diags, err, "Unable to learn who is in RAM group %q", group)
	return append(users, has...)
}

// powerful names one of the policies that allows everything, empty for none.
func (r *Resource) powerful(ctx context.Context, modes *accessModes, policies []ramapi.AttachedPolicy, diags *diag.Diagnostics) string {
	for _, p := range policies {
		switch {
		case p.Is(administratorAccess, ramapi.PolicyTypeSystem):
			return administratorAccess
		case p.Type == ramapi.PolicyTypeCustom && r.allowsEverything(ctx, modes, p.Name, diags):
			return p.Name
		}
	}
	return ""
}

func (r *Resource) allowsEverything(ctx context.Context, modes *accessModes, custom string, diags *diag.Diagnostics) bool {
	if everything, isPlanned := noted(modes, &modes.everything, aPolicy(custom)); isPlanned {
		return everything
	}
	p, err := r.Client.Policy(ctx, custom, ramapi.PolicyTypeCustom)
	r.addUnanswered(diags, err, "Unable to learn what RAM policy %q allows", custom)
	return err == nil && policydoc.AllowsEverything(p.Document)
}

// now gives a user or group that this run renames as the service knows it.
func (r *Resource) now(kind ramapi.Kind, name string) ramapi.Principal {
	if renamed, isPlanned := r.Client.PlannedRename(kind, name); isPlanned {
		return renamed
	}
	return ramapi.Principal{Kind: kind, Name: name}
}

// addUnanswered adds the error of a question that only an advisory asks. What
// works must not fail because of it, unless advisories are errors. What is not
// there yet is an answer.
func (r *Resource) addUnanswered(diags *diag.Diagnostics, err error, format string, args ...any) {
	if err != nil && !ramapi.IsNotFound(err) && r.provider.Advice == AdviceError {
		AddErrorf(diags, err, format, args...)
	}
}

func (r *Resource) adviseOfLoginAndKey(modes *accessModes, user string, diags *diag.Diagnostics) {
	if r.isFirst(modes, &modes.saidLoginAndKey, user) {
		r.Advise(diags, path.Root("user_name"), fmt.Sprintf("RAM user %q has both a console login and an access key", user),
			"A login is for a person, with a password and MFA; an access key is for a program, and needs neither. Make a user for the program alone, or a role that it assumes. "+
				"Where one of the two is not needed any more, remove it or set its status to \"Inactive\".")
	}
}

// adviseOfPowerfulKey names the group that the user has the policy through, if any.
func (r *Resource) adviseOfPowerfulKey(modes *accessModes, user, policy, group string, at path.Path, diags *diag.Diagnostics) {
	if !r.isFirst(modes, &modes.saidPowerfulKey, user) {
		return
	}
	through := ""
	if group != "" {
		through = fmt.Sprintf(", which the user has through RAM group %q,", group)
	}
	r.Advise(diags, at, fmt.Sprintf("RAM user %q is an administrator with an access key", user),
		fmt.Sprintf("RAM policy %q%s allows everything, so whoever gets hold of the key has the account. Attach only what the program with the key needs, "+
			"or let it assume a role. A person who administers the account logs on with MFA, and needs no key.", policy, through))
}

// isFirst reports whether it has not been said of the user yet. What is refused
// is refused each time.
func (r *Resource) isFirst(modes *accessModes, said *map[entity]bool, user string) bool {
	_, given := noted(modes, said, aUser(user))
	note(modes, said, aUser(user), true)
	return !given || r.provider.Advice == AdviceError
}

// knows gives what a user will have where that is known without asking.
func (r *Resource) knows(modes *accessModes, in *map[entity]bool, user string) (has, settled bool) {
	has, _ = noted(modes, in, aUser(user))
	return has, has || r.isNew(aUser(user))
}

// forget forgets what somebody was to get.
func (m *accessModes) forget(e entity) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, of := range []map[entity]bool{m.logins, m.keys, m.saidLoginAndKey, m.saidPowerfulKey} {
		delete(of, e)
	}
	delete(m.attached, e)
	delete(m.groups, e)
	delete(m.members, e)
}

func note(m *accessModes, in *map[entity]bool, of entity, value bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if *in == nil {
		*in = map[entity]bool{}
	}
	(*in)[of] = value
}

func noted(m *accessModes, in *map[entity]bool, of entity) (value, found bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	value, found = (*in)[of]
	return value, found
}

func add[V any](m *accessModes, in *map[entity][]V, to entity, values ...V) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if *in == nil {
		*in = map[entity][]V{}
	}
	(*in)[to] = append((*in)[to], values...)
}

func added[V any](m *accessModes, in *map[entity][]V, to entity) []V {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone((*in)[to])
}
