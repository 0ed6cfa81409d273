package ramserver

import (
	"bytes"
	"cmp"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
)

// savedFormat is the number of the form that Save writes and Load reads.
const savedFormat = 1

// savedAccount is an account as it is saved.
type savedAccount struct {
	Format    int    `json:"Format"`
	AccountID string `json:"AccountId"`
	state
}

// Save returns the account as JSON, for Load to read. It holds the secrets of access keys and sessions and the seeds
// of MFA devices in clear, because they sign and check requests; of passwords it holds salted hashes. It holds
// neither the server's settings nor its calls.
func (s *Server) Save() ([]byte, error) {
	s.lock()
	defer s.mu.Unlock()
	return json.MarshalIndent(savedAccount{savedFormat, s.accountID(), s.state}, "", "  ")
}

// Load replaces the account, its number included, by a saved one, and must come before the first request. The JSON
// may be written by hand: whatever has a default, and dates, tags and an object's id besides its key, may be left
// out. An error says what is wrong, and leaves the server as it was.
func (s *Server) Load(saved []byte) error {
	account := savedAccount{state: newState()}
	account.PasswordPolicy, account.UserSSOSettings = new(defaultPasswordPolicy()), new(defaultUserSSOSettings())
	account.SecurityPreference = new(s.defaultSecurityPreference())
	if err := decodeStrictly(saved, &account); err != nil {
		return fmt.Errorf("reading the JSON of an account: %w", err)
	}
	if account.Format != savedFormat {
		return fmt.Errorf("the account has Format %d; only %d is known", account.Format, savedFormat)
	}
	if err := account.completeIDs(); err != nil {
		return err
	}
	account.completeObjects()
	if err := cmp.Or(account.checkReferences(), s.checkNames(account.state)); err != nil {
		return err
	}
	now := s.now()
	maps.DeleteFunc(account.Sessions, func(_ string, ses *session) bool { return !now.Before(ses.Expiration) })

	s.mu.Lock()
	defer s.mu.Unlock()
	s.AccountID, s.state = cmp.Or(account.AccountID, s.AccountID), account.state
	return nil
}

// decodeStrictly refuses unknown fields, and anything after the value.
func decodeStrictly(text []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows it")
	}
	return nil
}

// completeIDs gives every object the id that it is stored under, and refuses one that has another.
func (st *state) completeIDs() error {
	return cmp.Or(
		completeID("Users", &st.Users, func(u *user) *string { return &u.UserID }),
		completeID("Groups", &st.Groups, func(g *group) *string { return &g.GroupID }),
		completeID("Roles", &st.Roles, func(r *role) *string { return &r.RoleID }),
		completeID("Policies", &st.Policies, func(p *policy) *string { return &p.PolicyName }),
		completeID("AccessKeys", &st.AccessKeys, func(k *accessKey) *string { return &k.AccessKeyID }),
		completeID("Sessions", &st.Sessions, func(ses *session) *string { return &ses.AccessKeyID }),
		completeID("MFADevices", &st.MFADevices, func(d *mfaDevice) *string { return &d.SerialNumber }),
		completeID("SAMLProviders", &st.SAMLProviders, func(p *samlProvider) *string { return &p.Name }),
		completeID("OIDCProviders", &st.OIDCProviders, func(p *oidcProvider) *string { return &p.Name }),
		completeID("RecycledUsers", &st.RecycledUsers, func(u *recycledUser) *string { return &u.UserID }),
		completeID("RecycledKeys", &st.RecycledKeys, func(k *recycledKey) *string { return &k.AccessKeyID }),
		completeID("ResourceGroups", &st.ResourceGroups, func(rg *resourceGroup) *string { return &rg.ID }),
		completeID("DeletionTasks", &st.DeletionTasks, func(t *deletionTask) *string { return &t.ID }),
	)
}

func completeID[T any](kind string, objects *map[string]*T, id func(*T) *string) error {
	*objects = orEmpty(*objects)
	for key, object := range *objects {
		if object == nil {
			return fmt.Errorf("%s %q is null", kind, key)
		}
		own := id(object)
		if *own = cmp.Or(*own, key); *own != key {
			return fmt.Errorf("%s %q has another id inside: %q", kind, key, *own)
		}
	}
	return nil
}

func orEmpty[K comparable, V any](m map[K]V) map[K]V {
	if m == nil {
		return map[K]V{}
	}
	return m
}

// completeObjects fills in what has a default.
func (st *state) completeObjects() {
	for _, u := range st.Users {
		u.Tags, u.ProvisionType = orEmpty(u.Tags), cmp.Or(u.ProvisionType, manual)
		u.LoginProfile.complete()
	}
	for _, g := range st.Groups {
		g.Members = orEmpty(g.Members)
	}
	for _, role := range st.Roles {
		role.Tags = orEmpty(role.Tags)
		role.MaxSessionDuration = cmp.Or(role.MaxSessionDuration, minSessionSeconds)
	}
	for _, p := range st.Policies {
		p.PolicyType, p.Tags = custom, orEmpty(p.Tags)
		p.VersionsMade = max(p.VersionsMade, len(p.Versions))
	}
	for _, key := range st.AccessKeys {
		key.complete()
	}
	for _, key := range st.RecycledKeys {
		key.complete()
	}
	for _, u := range st.RecycledUsers {
		u.LoginProfile.complete()
	}
	for _, p := range st.SAMLProviders {
		p.AuthnSignAlgo = cmp.Or(p.AuthnSignAlgo, rsaSHA1)
	}
	for _, p := range st.OIDCProviders {
		p.IssuanceLimitTime = cmp.Or(p.IssuanceLimitTime, issuanceHours)
	}
	if st.ResourceGroups[DefaultResourceGroupID] == nil {
		st.ResourceGroups[DefaultResourceGroupID] = defaultResourceGroup()
	}
}

func (p *loginProfile) complete() {
	if p != nil {
		p.Status = cmp.Or(p.Status, active)
	}
}

func (key *accessKey) complete() {
	key.Status = cmp.Or(key.Status, active)
	if p := key.NetworkPolicy; p != nil {
		p.Version, p.Status = cmp.Or(p.Version, keyPolicyVersion), cmp.Or(p.Status, active)
		if p.Statements == nil {
			p.Statements = []networkStatement{}
		}
	}
}

// checkReferences refuses an account in which something names what is not there.
func (st *state) checkReferences() error {
	for id, g := range st.Groups {
		for member := range g.Members {
			if st.Users[member] == nil {
				return fmt.Errorf("group %q has the member %q, who is not in Users", id, member)
			}
		}
	}
	for id, key := range st.AccessKeys {
		if key.UserID != "" && st.Users[key.UserID] == nil {
			return fmt.Errorf("access key %q belongs to %q, who is not in Users", id, key.UserID)
		}
	}
	for id, key := range st.RecycledKeys {
		if st.Users[key.UserID] == nil && st.RecycledUsers[key.UserID] == nil {
			return fmt.Errorf("recycled access key %q belongs to %q, who is neither in Users nor in RecycledUsers", id, key.UserID)
		}
	}
	for id := range st.RecycledUsers {
		if st.Users[id] != nil {
			return fmt.Errorf("user %q is in Users and in RecycledUsers", id)
		}
	}
	bound := map[string]string{}
	for serial, d := range st.MFADevices {
		if _, err := base32.StdEncoding.DecodeString(d.Base32StringSeed); err != nil || d.Base32StringSeed == "" {
			return fmt.Errorf("MFA device %q has a Base32StringSeed that is missing or not base32", serial)
		}
		switch {
		case d.UserID == "":
			continue
		case st.Users[d.UserID] == nil:
			return fmt.Errorf("MFA device %q belongs to %q, who is not in Users", serial, d.UserID)
		case bound[d.UserID] != "":
			return fmt.Errorf("MFA devices %q and %q belong to %q, who can have one", bound[d.UserID], serial, d.UserID)
		}
		bound[d.UserID] = serial
	}
	for name, p := range st.Policies {
		if p.version(p.DefaultVersion) == nil {
			return fmt.Errorf("policy %q has no version %q, which is its DefaultVersion", name, p.DefaultVersion)
		}
	}
	if c := st.CredentialReport; c != nil && (c.Step < 0 || c.Step >= len(reportStates) || len(c.Rows) == 0) {
		return fmt.Errorf("the credential report has Step %d, which must be 0 to %d, and %d Rows, which must be 1 or more", c.Step, len(reportStates)-1, len(c.Rows))
	}
	return st.checkAttachments()
}

func (st *state) checkAttachments() error {
	lookup := Server{state: *st}
	check := func(kind, id string, all []attachment) error {
		for _, a := range all {
			if lookup.policyNamed(a.PolicyType, a.PolicyName) == nil {
				return fmt.Errorf("%s %q has the %s policy %q, which does not exist", kind, id, a.PolicyType, a.PolicyName)
			}
		}
		return nil
	}
	for id, u := range st.Users {
		if err := check("user", id, u.Policies); err != nil {
			return err
		}
	}
	for id, g := range st.Groups {
		if err := check("group", id, g.Policies); err != nil {
			return err
		}
	}
	for id, role := range st.Roles {
		if err := check("role", id, role.Policies); err != nil {
			return err
		}
	}
	for id, rg := range st.ResourceGroups {
		for _, a := range rg.Attachments {
			if !st.has(a) {
				return fmt.Errorf("resource group %q has a policy of the %s %q, who is not there", id, a.PrincipalType, a.PrincipalID)
			}
			if err := check("resource group", id, []attachment{a.attachment}); err != nil {
				return err
			}
		}
	}
	return nil
}

// has reports whether there is the principal that has a policy in a resource group.
func (st *state) has(a groupAttachment) bool {
	switch a.PrincipalType {
	case imsUser:
		return st.Users[a.PrincipalID] != nil
	case imsGroup:
		return st.Groups[a.PrincipalID] != nil
	case serviceRole:
		return st.Roles[a.PrincipalID] != nil
	}
	return false
}

// checkNames refuses an account in which a name stands for more than one user, group or role.
func (s *Server) checkNames(st state) error {
	return cmp.Or(
		uniqueNames(s, "users", st.Users, userName),
		uniqueNames(s, "groups", st.Groups, groupName),
		uniqueNames(s, "roles", st.Roles, roleName),
	)
}

func uniqueNames[T any](s *Server, kind string, objects map[string]T, name func(T) string) error {
	owners := map[string]string{}
	for id, object := range objects {
		key := s.nameKey(name(object))
		if other, ok := owners[key]; ok {
			return fmt.Errorf("the %s %q and %q have the name %q", kind, other, id, name(object))
		}
		owners[key] = id
	}
	return nil
}

// Administrator returns an access key of a RAM user who has AdministratorAccess. User, policy and key are made where
// they are missing; of several active keys it is the oldest.
func (s *Server) Administrator(name string) (id, secret string) {
	s.lock()
	defer s.mu.Unlock()
	u := s.userNamed(name)
	if u == nil {
		u = &user{UserID: s.newUserID(name), UserName: name, ProvisionType: manual, Tags: map[string]string{}, CreateDate: s.now(), UpdateDate: s.now()}
		s.addUser(u)
	}
	if p := s.policyNamed(system, "AdministratorAccess"); attachmentOf(p, u.Policies) < 0 {
		s.attach(p, &u.Policies)
	}
	keys := slices.DeleteFunc(s.accessKeys(u.UserID), func(k *accessKey) bool { return k.Status != active })
	if len(keys) == 0 {
		keys = append(keys, s.addAccessKey(u.UserID))
	}
	key := slices.MinFunc(keys, func(a, b *accessKey) int { return a.CreateDate.Compare(b.CreateDate) })
	return key.AccessKeyID, key.AccessKeySecret
}
