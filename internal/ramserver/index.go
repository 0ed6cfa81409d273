package ramserver

import (
	"slices"
	"strings"
)

// index answers what would otherwise take a walk through the whole account. It is made from a state, by makeIndex, and
// not saved. What it knows changes only in these functions, which change the state with it: addUser, setUser and
// dropUser, addGroup, setGroup and dropGroup, addRole and dropRole, keepAccessKey and dropAccessKey, join and leave,
// bind and unbind, attach and detach.
type index struct {
	unsure Unsure // as it was then: it decides which names are the same, and the order of lists

	users  map[string]*user  // by nameKey
	groups map[string]*group // by nameKey
	roles  map[string]*role  // by nameKey

	listed       []*user               // everybody, in the order of lists
	members      map[string][]*user    // by GroupId, in the order of lists
	groupsOf     perUser[group]        // by UserId, then GroupId
	keysOf       perUser[accessKey]    // by UserId, empty for the account root, then AccessKeyId
	deviceOf     map[string]*mfaDevice // by UserId
	holderCounts map[policyKey]int     // how many users, groups and roles have a policy, if any
}

// perUser holds objects by the id of the user who has them, and then by their own.
type perUser[T any] map[string]map[string]*T

func (p perUser[T]) add(userID, id string, object *T) {
	if p[userID] == nil {
		p[userID] = map[string]*T{}
	}
	p[userID][id] = object
}

func (p perUser[T]) drop(userID, id string) {
	if delete(p[userID], id); len(p[userID]) == 0 {
		delete(p, userID)
	}
}

// makeIndex gives a state its index, unless it has one that is right.
func (s *Server) makeIndex(st *state) {
	if st.index != nil && st.index.unsure == s.Unsure {
		return
	}
	ix := &index{
		unsure:       s.Unsure,
		users:        map[string]*user{},
		groups:       map[string]*group{},
		roles:        map[string]*role{},
		listed:       sorted(s, st.Users, userName),
		members:      map[string][]*user{},
		groupsOf:     perUser[group]{},
		keysOf:       perUser[accessKey]{},
		deviceOf:     map[string]*mfaDevice{},
		holderCounts: map[policyKey]int{},
	}
	for _, u := range st.Users {
		ix.users[s.nameKey(u.UserName)] = u
		ix.count(u.Policies)
	}
	for _, g := range st.Groups {
		ix.groups[s.nameKey(g.GroupName)] = g
		ix.count(g.Policies)
		for id := range g.Members {
			ix.groupsOf.add(id, g.GroupID, g)
			ix.members[g.GroupID] = append(ix.members[g.GroupID], st.Users[id])
		}
		sortBy(s, ix.members[g.GroupID], userName)
	}
	for _, role := range st.Roles {
		ix.roles[s.nameKey(role.RoleName)] = role
		ix.count(role.Policies)
	}
	for _, key := range st.AccessKeys {
		ix.keysOf.add(key.UserID, key.AccessKeyID, key)
	}
	for _, d := range st.MFADevices {
		if d.UserID != "" {
			ix.deviceOf[d.UserID] = d
		}
	}
	st.index = ix
}

func (ix *index) count(all []attachment) {
	for _, a := range all {
		ix.holderCounts[a.key()]++
	}
}

// nameKey is equal for names of users, groups and roles that are the same name.
func (s *Server) nameKey(name string) string {
	if s.Unsure.CaseSensitiveNames {
		return name
	}
	return strings.ToLower(name)
}

// addUser is for new users, and for changed ones, who may already be in groups.
func (s *Server) addUser(u *user) {
	ix := s.state.index
	s.state.Users[u.UserID] = u
	ix.users[s.nameKey(u.UserName)] = u
	ix.listed = s.listUser(ix.listed, u)
	for id := range ix.groupsOf[u.UserID] {
		ix.members[id] = s.listUser(ix.members[id], u)
	}
}

// setUser changes a user, whose name may be another then.
func (s *Server) setUser(u *user, changed user) {
	s.dropUser(u)
	*u = changed
	s.addUser(u)
}

// dropUser leaves alone what belongs to the user.
func (s *Server) dropUser(u *user) {
	ix := s.state.index
	delete(s.state.Users, u.UserID)
	delete(ix.users, s.nameKey(u.UserName))
	ix.listed = s.unlistUser(ix.listed, u)
	for id := range ix.groupsOf[u.UserID] {
		ix.members[id] = s.unlistUser(ix.members[id], u)
	}
}

// listUser puts a user into a list where the order of lists wants it.
func (s *Server) listUser(list []*user, u *user) []*user {
	i, _ := findSorted(s, list, u.UserName, userName)
	return slices.Insert(list, i, u)
}

func (s *Server) unlistUser(list []*user, u *user) []*user {
	i, _ := findSorted(s, list, u.UserName, userName)
	return slices.Delete(list, i, i+1)
}

func (s *Server) addGroup(g *group) {
	s.state.Groups[g.GroupID] = g
	s.state.index.groups[s.nameKey(g.GroupName)] = g
}

// setGroup changes a group, whose name may be another then.
func (s *Server) setGroup(g *group, changed group) {
	s.dropGroup(g)
	*g = changed
	s.addGroup(g)
}

func (s *Server) dropGroup(g *group) {
	delete(s.state.Groups, g.GroupID)
	delete(s.state.index.groups, s.nameKey(g.GroupName))
}

func (s *Server) addRole(role *role) {
	s.state.Roles[role.RoleID] = role
	s.state.index.roles[s.nameKey(role.RoleName)] = role
}

func (s *Server) dropRole(role *role) {
	delete(s.state.Roles, role.RoleID)
	delete(s.state.index.roles, s.nameKey(role.RoleName))
}
