package base

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/policydoc"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// Two combinations are unwise, each half of which is fine: a console login
// together with an access key, and an access key of an administrator. The halves
// are made by different resources, of this run or of an earlier one, so each of
// them says here what it plans to make and asks for the other half.
//
// It is all asked while planning. Terraform plans once more when it applies, with
// what was unknown at first: then it is asked before the call that makes it.

// administratorAccess is the system policy that allows everything.
const administratorAccess = "AdministratorAccess"

// accessModes is what this run gives to users, as far as it has been planned.
type accessModes struct {
	mu           sync.Mutex
	users        map[string]bool // made by this run, so that they have nothing else
	logins, keys map[string]bool // by user
	attached     map[string][]ramapi.AttachedPolicy
	everything   map[string]bool // whether a custom policy allows everything, by its name in lower case
	advised      map[string]bool
}

// What advisories are about, before the name of the user.
const (
	ofLoginAndKey = "login and key of "
	ofPowerfulKey = "policies and key of "
)

// PlanUser notes that the user is made by this run. Where that was planned
// before, it forgets what the user was to get: see ramapi.Client.NotePlan.
func (r *Resource) PlanUser(name types.String) {
	if modes, ok := r.modes(name); ok {
		modes.makes(name.ValueString())
	}
}

// PlanPolicy notes whether a custom policy will allow everything.
func (r *Resource) PlanPolicy(name types.String, everything bool) {
	if modes, ok := r.modes(name); ok {
		modes.note(&modes.everything, strings.ToLower(name.ValueString()), everything)
	}
}

// PlanLogin notes that the user gets a console login, and advises where there is
// an active access key.
func (r *Resource) PlanLogin(ctx context.Context, user types.String, diags *diag.Diagnostics) {
	modes, ok := r.modes(user)
	if !ok {
		return
	}
	modes.note(&modes.logins, user.ValueString(), true)
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
	modes.note(&modes.keys, user.ValueString(), true)
	if r.hasLogin(ctx, modes, user.ValueString(), diags) {
		r.adviseOfLoginAndKey(modes, user.ValueString(), diags)
	}
	policies := r.policiesOf(ctx, modes, user.ValueString(), diags)
	r.adviseOfPowerfulKey(modes, user.ValueString(), r.powerful(ctx, modes, policies, diags), diags)
}

// PlanPolicies notes that the user gets the policies for the whole account, and
// advises where one of them allows everything and there is an active access key.
func (r *Resource) PlanPolicies(ctx context.Context, user types.String, policies []ramapi.AttachedPolicy, diags *diag.Diagnostics) {
	modes, ok := r.modes(user)
	if !ok {
		return
	}
	modes.attach(user.ValueString(), policies)
	if policy := r.powerful(ctx, modes, policies, diags); policy != "" && r.hasKey(ctx, modes, user.ValueString(), diags) {
		r.adviseOfPowerfulKey(modes, user.ValueString(), policy, diags)
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
	if has, settled := modes.knows(&modes.logins, user); settled {
		return has
	}
	login, err := r.Client.LoginProfile(ctx, r.nameNow(user))
	r.addUnanswered(diags, err, "Unable to learn whether RAM user %q has a console login", user)
	return err == nil && login.Status == "Active"
}

func (r *Resource) hasKey(ctx context.Context, modes *accessModes, user string, diags *diag.Diagnostics) bool {
	if has, settled := modes.knows(&modes.keys, user); settled {
		return has
	}
	has, err := r.Client.HasActiveAccessKey(ctx, r.nameNow(user))
	r.addUnanswered(diags, err, "Unable to learn whether RAM user %q has an access key", user)
	return has
}

// policiesOf gives what the user has or gets for the whole account.
func (r *Resource) policiesOf(ctx context.Context, modes *accessModes, user string, diags *diag.Diagnostics) []ramapi.AttachedPolicy {
	policies, isNew := modes.attachedTo(user)
	if isNew {
		return policies
	}
	has, err := r.Client.PoliciesOf(ctx, ramapi.Principal{Kind: ramapi.KindUser, Name: r.nameNow(user)})
	r.addUnanswered(diags, err, "Unable to learn which policies RAM user %q has", user)
	return append(policies, has...)
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
	if everything, planned := modes.of(&modes.everything, strings.ToLower(custom)); planned {
		return everything
	}
	p, err := r.Client.Policy(ctx, custom, ramapi.PolicyTypeCustom)
	r.addUnanswered(diags, err, "Unable to learn what RAM policy %q allows", custom)
	return err == nil && policydoc.AllowsEverything(p.Document)
}

// nameNow gives the name by which the service knows a user whom this run renames.
func (r *Resource) nameNow(user string) string {
	if renamed, planned := r.Client.PlannedRename(ramapi.KindUser, user); planned {
		return renamed.Name
	}
	return user
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
	if r.isFirst(modes, ofLoginAndKey+user) {
		r.Advise(diags, path.Root("user_name"), fmt.Sprintf("RAM user %q has both a console login and an access key", user),
			"A login is for a person, with a password and MFA; an access key is for a program, and needs neither. Make a user for the program alone, or a role that it assumes. "+
				"Where one of the two is not needed any more, remove it or set its status to \"Inactive\".")
	}
}

func (r *Resource) adviseOfPowerfulKey(modes *accessModes, user, policy string, diags *diag.Diagnostics) {
	if policy != "" && r.isFirst(modes, ofPowerfulKey+user) {
		r.Advise(diags, path.Root("user_name"), fmt.Sprintf("RAM user %q is an administrator with an access key", user),
			fmt.Sprintf("RAM policy %q allows everything, so whoever gets hold of the key has the account. Attach only what the program with the key needs, "+
				"or let it assume a role. A person who administers the account logs on with MFA, and needs no key.", policy))
	}
}

// isFirst reports whether an advisory has not been given yet. What is refused is
// refused each time.
func (r *Resource) isFirst(modes *accessModes, about string) bool {
	_, given := modes.of(&modes.advised, about)
	modes.note(&modes.advised, about, true)
	return !given || r.provider.Advice == AdviceError
}

func (m *accessModes) makes(user string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.users == nil {
		m.users = map[string]bool{}
	}
	if m.users[user] {
		delete(m.logins, user)
		delete(m.keys, user)
		delete(m.attached, user)
		delete(m.advised, ofLoginAndKey+user)
		delete(m.advised, ofPowerfulKey+user)
	}
	m.users[user] = true
}

func (m *accessModes) note(in *map[string]bool, name string, value bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if *in == nil {
		*in = map[string]bool{}
	}
	(*in)[name] = value
}

func (m *accessModes) of(in *map[string]bool, name string) (value, noted bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	value, noted = (*in)[name]
	return value, noted
}

// knows gives what a user will have where that is known without asking.
func (m *accessModes) knows(in *map[string]bool, user string) (has, settled bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return (*in)[user], (*in)[user] || m.users[user]
}

func (m *accessModes) attach(user string, policies []ramapi.AttachedPolicy) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.attached == nil {
		m.attached = map[string][]ramapi.AttachedPolicy{}
	}
	m.attached[user] = append(m.attached[user], policies...)
}

func (m *accessModes) attachedTo(user string) (policies []ramapi.AttachedPolicy, isNew bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.attached[user]), m.users[user]
}
