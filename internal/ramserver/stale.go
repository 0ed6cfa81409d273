package ramserver

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// pastState is the account as it was just before a write.
type pastState struct {
	written time.Time
	state   state
}

// run carries an action out: on the account as it is, unless Server.StaleReads has a reading one look at an older one.
// STS shows nothing that may be stale, and what it changes, sessions, no other action shows.
func (s *Server) run(a action, r request) (reply, error) {
	switch {
	case s.StaleReads <= 0 || r.version == stsVersion:
		return a.run(s, r)
	case strings.HasPrefix(r.action, "Get") || strings.HasPrefix(r.action, "List"):
		return s.runStale(a, r)
	}
	before := s.state.clone()
	out, err := a.run(s, r)
	if err == nil { // an action that fails has changed nothing
		s.past = append(s.currentPast(), pastState{s.now(), before})
	}
	return out, err
}

// runStale shows an action the account as it was before the earliest write that reads need not see yet.
func (s *Server) runStale(a action, r request) (reply, error) {
	if s.past = s.currentPast(); len(s.past) == 0 {
		return a.run(s, r)
	}
	s.makeIndex(&s.past[0].state)
	live := s.state
	defer func() { s.state = live }()
	s.state = s.past[0].state
	return a.run(s, r)
}

// currentPast is what is left of the past when writes that every read sees by now are taken away.
func (s *Server) currentPast() []pastState {
	now := s.now()
	return slices.DeleteFunc(s.past, func(p pastState) bool { return now.Sub(p.written) >= s.StaleReads })
}

// clone returns a copy that shares nothing that an action may change. It does not go through JSON, which would lose
// what is not saved: what Unsure.LateVisibility hides.
func (st state) clone() state {
	st.Users = cloneAll(st.Users, func(u *user) {
		u.Tags, u.Policies = maps.Clone(u.Tags), slices.Clone(u.Policies)
		u.LoginProfile = cloneLoginProfile(u.LoginProfile)
	})
	st.Groups = cloneAll(st.Groups, func(g *group) {
		g.Members, g.Policies = maps.Clone(g.Members), slices.Clone(g.Policies)
	})
	st.Roles = cloneAll(st.Roles, func(role *role) {
		role.Tags, role.Policies, role.Usages = maps.Clone(role.Tags), slices.Clone(role.Policies), cloneUsages(role.Usages)
	})
	st.Policies = cloneAll(st.Policies, func(p *policy) {
		p.Tags, p.Versions = maps.Clone(p.Tags), slices.Clone(p.Versions)
	})
	st.AccessKeys = cloneAll(st.AccessKeys, func(key *accessKey) { key.NetworkPolicy = key.NetworkPolicy.clone() })
	st.Sessions = cloneAll(st.Sessions, func(*session) {})
	st.MFADevices = cloneAll(st.MFADevices, func(*mfaDevice) {})
	st.SAMLProviders = cloneAll(st.SAMLProviders, func(*samlProvider) {})
	st.OIDCProviders = cloneAll(st.OIDCProviders, func(p *oidcProvider) {
		p.ClientIDs, p.Fingerprints = slices.Clone(p.ClientIDs), slices.Clone(p.Fingerprints)
	})
	st.RecycledUsers = cloneAll(st.RecycledUsers, func(u *recycledUser) { u.LoginProfile = cloneLoginProfile(u.LoginProfile) })
	st.RecycledKeys = cloneAll(st.RecycledKeys, func(*recycledKey) {})
	st.ResourceGroups = cloneAll(st.ResourceGroups, func(rg *resourceGroup) { rg.Attachments = slices.Clone(rg.Attachments) })
	st.DeletionTasks = cloneAll(st.DeletionTasks, func(t *deletionTask) { t.Usages = cloneUsages(t.Usages) })
	st.PasswordPolicy = clonePointer(st.PasswordPolicy)
	if st.CredentialReport = clonePointer(st.CredentialReport); st.CredentialReport != nil {
		st.CredentialReport.Rows = slices.Clone(st.CredentialReport.Rows)
	}
	if st.SecurityPreference = clonePointer(st.SecurityPreference); st.SecurityPreference != nil {
		st.SecurityPreference.VerificationTypes = slices.Clone(st.SecurityPreference.VerificationTypes)
	}
	st.UserSSOSettings = clonePointer(st.UserSSOSettings)
	st.index = nil // the first read that sees the copy makes it
	return st
}

// cloneAll copies a map and the objects in it; inner then copies what an object still shares with the old one.
func cloneAll[T any](objects map[string]*T, inner func(*T)) map[string]*T {
	out := make(map[string]*T, len(objects))
	for id, object := range objects {
		out[id] = clonePointer(object)
		inner(out[id])
	}
	return out
}

func cloneLoginProfile(p *loginProfile) *loginProfile {
	if p = clonePointer(p); p != nil {
		p.Passwords = slices.Clone(p.Passwords)
	}
	return p
}

func cloneUsages(usages []roleUsage) []roleUsage {
	usages = slices.Clone(usages)
	for i := range usages {
		usages[i].Resources = slices.Clone(usages[i].Resources)
	}
	return usages
}

func clonePointer[T any](p *T) *T {
	if p == nil {
		return nil
	}
	return new(*p)
}
