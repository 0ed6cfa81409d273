package ramapi

import (
	"context"
	"sync"
)

// Shared reads. Terraform reads every resource by itself, ten at a time. Their
// questions are answered from what is known, and what is not known is asked for
// by the call that answers most of them: see table for things that have a list,
// attachments for what is attached to whom.
//
// The rule that keeps them true: whatever is known was asked for at some count
// of the writeLog, and is trusted only while no write of what it is about has
// begun or ended since. So nobody has to throw anything away after a write,
// what is known about everything else stays, and a question that is asked after
// a write never gets an answer that left before it.

// watched names what an answer is about; unused places are zero.
type watched [3]entity

// holderOf is who has the name, in contrast to the attributes of whoever it
// is: creations, renames and deletions write it, other changes do not. What
// hangs on a user, a group, a role or a policy is about its holder too.
func holderOf(kind Kind, name string) entity { return entity{string(kind) + " called", name}.written() }

// attributesOf is what a thing says of itself.
func attributesOf(kind Kind, name string) entity { return entity{string(kind), name}.written() }

// allOf is what the creation or deletion of a thing writes.
func allOf(kind Kind, name string) []entity {
	return []entity{attributesOf(kind, name), holderOf(kind, name)}
}

// changed is what a change of a thing writes, with its new name where it gets one.
func changed(kind Kind, name string, newName *string) []entity {
	if newName == nil {
		return []entity{attributesOf(kind, name)}
	}
	return append(allOf(kind, name), allOf(kind, *newName)...)
}

// writeLog counts the writes of this process, as they begin and end.
type writeLog struct {
	mu    sync.Mutex
	count uint64
	last  map[entity]uint64 // the count when a write of the thing last began or ended
}

// now gives the count, for an answer that is about to be asked for.
func (l *writeLog) now() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.count
}

// undisturbed reports whether no write of the things has begun or ended since
// the count.
func (l *writeLog) undisturbed(since uint64, things watched) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range things {
		if l.last[e] > since {
			return false
		}
	}
	return true
}

// mark notes that a write of the things begins or ends, and gives the count.
// alone reports that nobody else has written one of them since the given count.
func (l *writeLog) mark(things []entity, since uint64) (count uint64, alone bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.last == nil {
		l.last = map[entity]uint64{}
	}
	alone = true
	for _, e := range things {
		alone = alone && l.last[e] <= since
	}
	l.count++
	for _, e := range things {
		l.last[e] = l.count
	}
	return l.count, alone
}

// alsoOf notes that a write of the thing begins, and gives what notes its end.
// It is for a whole that the write changes one part of: writes of other parts
// at the same time leave what is learned of each part true.
func (l *writeLog) alsoOf(whole entity) (end func()) {
	l.mark([]entity{whole}, 0)
	return func() { l.mark([]entity{whole}, 0) }
}

// writing runs a write of the things. Where it succeeds, learn is told its
// result and the count to keep it by, unless somebody else wrote one of the
// things at the same time: then the result may be out of date already.
func writing[T any](l *writeLog, things []entity, write func() (T, error), learn func(result T, at uint64)) (T, error) {
	began, _ := l.mark(things, 0)
	out, err := write()
	ended, alone := l.mark(things, began)
	if err == nil && alone {
		learn(out, ended)
	}
	return out, err
}

// change makes one call that changes the things and answers nothing. Where it
// ends something and a repetition finds nothing, the call whose answer was lost
// has done it. learn is told the count to keep its outcome by.
func change(ctx context.Context, c *Client, op call, things []entity, send func(context.Context) error, learn func(at uint64)) error {
	op.access = write
	_, err := writing(&c.writes, things, func() (struct{}, error) {
		done, err := do(ctx, c, op, func(ctx context.Context) (struct{}, error) { return struct{}{}, send(ctx) })
		if op.ends && IsNotFound(err) && isAfterLost(err) {
			err = nil
		}
		return done, err
	}, func(_ struct{}, at uint64) { learn(at) })
	return err
}

// permission is whether a list may be asked for. Until one call has told, the
// others wait for it, so that a refusal comes once.
type permission struct {
	mu      sync.Mutex
	asking  chan struct{} // closed when the call that finds out has ended
	granted bool
	refused bool
}

// with makes the call, or does not where such a call has been refused. The error
// is that of the call, or of ctx.
func (p *permission) with(ctx context.Context, call func() error) error {
	for {
		p.mu.Lock()
		granted, refused, asking := p.granted, p.refused, p.asking
		if !granted && !refused && asking == nil {
			p.asking = make(chan struct{})
		}
		p.mu.Unlock()
		switch {
		case refused:
			return &Error{Code: "NoPermission", Message: "the list has been refused before"}
		case granted:
			return call()
		case asking == nil:
			err := call()
			p.settle(err)
			return err
		}
		select {
		case <-asking:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (p *permission) settle(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.granted, p.refused = err == nil, IsRefused(err)
	close(p.asking)
	p.asking = nil
}

// anything is what a table is about whose callers say themselves what matters.
func anything(string) watched { return watched{} }

// shown gives which parts of an answer are there.
func shown(parts ...*string) fields {
	var there fields
	for i, part := range parts {
		if part != nil {
			there |= 1 << i
		}
	}
	return there
}

// tables are what is known, by kind.
type tables struct {
	users         *table[User]
	groups        *table[Group]
	roles         *table[Role]
	roleTags      *tagTable
	policies      *table[Policy] // by policyKey
	policyTags    *tagTable
	loginProfiles *table[LoginProfile] // by user
	accessKeys    *table[AccessKey]    // by keyOf
	keysOf        *table[[]AccessKey]  // by user
	groupsOf      *table[[]membership] // by user
	accountAlias  *table[string]       // there is one, without a name
	defaultDomain *table[string]       // as the alias
	attachments   *attachments
	inGroups      groupTables
	members       memberTables
	samlProviders *table[SAMLProvider]
	oidcProviders *table[OIDCProvider]

	userSSOSettings *table[UserSSOSettings]

	mfaDevices        *table[VirtualMFADevice]   // by serial number
	allMFADevices     *table[[]VirtualMFADevice] // in one row
	accessKeyPolicies *table[AccessKeyPolicy]    // by keyOf

	passwordPolicy     *settings[PasswordPolicy]
	securityPreference *settings[SecurityPreference]

	passwordPolicyReading permission
}

func (c *Client) newTables() tables {
	return tables{
		users:         c.newUserTable(),
		groups:        c.newGroupTable(),
		roles:         c.newRoleTable(),
		roleTags:      c.newRoleTags(),
		policies:      c.newPolicyTable(),
		policyTags:    c.newPolicyTags(),
		loginProfiles: c.newLoginProfileTable(),
		accessKeys:    c.newAccessKeyTable(),
		keysOf:        c.newKeysOfTable(),
		groupsOf:      c.newGroupsOfTable(),
		accountAlias:  c.newAccountAliasTable(),
		defaultDomain: c.newDefaultDomainTable(),
		attachments:   newAttachments(c),
		inGroups:      groupTables{client: c},
		members:       memberTables{client: c},
		samlProviders: c.newSAMLProviderTable(),
		oidcProviders: c.newOIDCProviderTable(),

		userSSOSettings: c.newUserSSOSettingsTable(),

		mfaDevices:        c.newMFADeviceTable(),
		allMFADevices:     c.newAllMFADevicesTable(),
		accessKeyPolicies: c.newAccessKeyPolicyTable(),

		passwordPolicy:     newSettings[PasswordPolicy](c, "PasswordPolicy"),
		securityPreference: newSettings[SecurityPreference](c, "SecurityPreference"),
	}
}
