package ramserver

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// recycledFor is how long users and access keys can be restored.
const recycledFor = 30 * 24 * time.Hour

// recycledUser is what is kept of a deleted user: the identity and the password. Policies, groups and the MFA device
// are lost, and so are comments, phone number, e-mail address and tags.
type recycledUser struct {
	UserID       string        `json:"UserId"`
	UserName     string        `json:"UserName"`
	DisplayName  string        `json:"DisplayName"`
	CreateDate   time.Time     `json:"CreateDate"`
	RecycleDate  time.Time     `json:"RecycleDate"`
	LoginProfile *loginProfile `json:"LoginProfile"`
}

// recycledKey is a deleted access key of a user, who may be deleted too.
type recycledKey struct {
	accessKey
	RecycleDate time.Time `json:"RecycleDate"`
}

// emptyBins deletes for good what has been in the bins long enough.
func (s *Server) emptyBins() {
	over := func(recycled time.Time) bool { return s.now().Sub(recycled) >= recycledFor }
	for id, u := range s.state.RecycledUsers {
		if over(u.RecycleDate) {
			s.purgeUser(id)
		}
	}
	maps.DeleteFunc(s.state.RecycledKeys, func(_ string, k *recycledKey) bool { return over(k.RecycleDate) })
}

// purgeUser deletes a user for good, with the keys that are in the bin.
func (s *Server) purgeUser(userID string) {
	delete(s.state.RecycledUsers, userID)
	maps.DeleteFunc(s.state.RecycledKeys, func(_ string, k *recycledKey) bool { return k.UserID == userID })
}

// recycledUsers returns the users in the bin, the earliest first.
func (s *Server) recycledUsers() []*recycledUser {
	s.emptyBins()
	return slices.SortedFunc(maps.Values(s.state.RecycledUsers), func(a, b *recycledUser) int {
		return cmp.Or(a.RecycleDate.Compare(b.RecycleDate), strings.Compare(a.UserID, b.UserID))
	})
}

// recycledKeys returns the keys of a user that are in the bin, the earliest first.
func (s *Server) recycledKeys(userID string) []*recycledKey {
	s.emptyBins()
	var keys []*recycledKey
	for _, k := range s.state.RecycledKeys {
		if k.UserID == userID {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b *recycledKey) int {
		return cmp.Or(a.RecycleDate.Compare(b.RecycleDate), strings.Compare(a.AccessKeyID, b.AccessKeyID))
	})
	return keys
}

// isRecycledName reports whether a user in the bin had the name.
func (s *Server) isRecycledName(name string) bool {
	return slices.ContainsFunc(s.recycledUsers(), func(u *recycledUser) bool { return s.nameKey(u.UserName) == s.nameKey(name) })
}

// checkRoomForUser refuses to delete a user for whom the bin has no room, if Unsure has it so.
func (s *Server) checkRoomForUser() error {
	if limit := s.quotas().RecycledUsers; s.Unsure.FullBinRefuses && len(s.recycledUsers()) >= limit {
		return limitExceeded("RecycleBin.User", limit)
	}
	return nil
}

// recycleUser puts a user into the bin who was just deleted. The one who has been in it longest makes room.
func (s *Server) recycleUser(u *user) {
	if s.Unsure.DeletedForGood {
		s.purgeUser(u.UserID)
		return
	}
	s.state.RecycledUsers[u.UserID] = &recycledUser{
		UserID: u.UserID, UserName: u.UserName, DisplayName: u.DisplayName,
		CreateDate: u.CreateDate, RecycleDate: s.now(), LoginProfile: u.LoginProfile,
	}
	if all := s.recycledUsers(); len(all) > s.quotas().RecycledUsers {
		s.purgeUser(all[0].UserID)
	}
}

// checkRoomForKey refuses to delete a user's key for which the bin has no room, if Unsure has it so.
func (s *Server) checkRoomForKey(userID string) error {
	if limit := s.quotas().RecycledKeysPerUser; s.Unsure.FullBinRefuses && len(s.recycledKeys(userID)) >= limit {
		return limitExceeded("RecycleBin.User.AccessKey", limit)
	}
	return nil
}

// recycleKey puts a key into its user's bin that was just deleted. The one that has been in it longest makes room. The
// account root has no bin.
func (s *Server) recycleKey(key *accessKey) {
	if s.Unsure.DeletedForGood || key.UserID == "" {
		return
	}
	s.state.RecycledKeys[key.AccessKeyID] = &recycledKey{accessKey: *key, RecycleDate: s.now()}
	if all := s.recycledKeys(key.UserID); len(all) > s.quotas().RecycledKeysPerUser {
		delete(s.state.RecycledKeys, all[0].AccessKeyID)
	}
}

// listUsersInRecycleBin answers pages of up to 100. Several users in the bin can have had the same name.
func (s *Server) listUsersInRecycleBin(r request) (reply, error) {
	users := s.recycledUsers()
	if r.Has("Filter") {
		upn, ok := strings.CutPrefix(r.Get("Filter"), "UserPrincipalName eq ")
		if !ok {
			return nil, badFormat("Filter", "UserPrincipalName eq <user>@<domain>")
		}
		users = slices.DeleteFunc(users, func(u *recycledUser) bool { return !strings.EqualFold(s.principalNameOf(u.UserName), upn) })
	}
	key := func(u *recycledUser) string { return u.UserName + "/" + u.UserID }
	sortBy(s, users, key)
	users, marker, err := page(s, r, users, key, 100, 100)
	if err != nil {
		return nil, err
	}
	return listReply("Users", "User", each(users, s.recycledUserView), marker), nil
}

func (s *Server) recycledUserView(u *recycledUser) reply {
	return reply{
		"UserId":            u.UserID,
		"UserPrincipalName": s.principalNameOf(u.UserName),
		"DisplayName":       u.DisplayName,
		"CreateDate":        timestamp(u.CreateDate),
		"RecycleDate":       timestamp(u.RecycleDate),
		"DeleteDate":        timestamp(u.RecycleDate.Add(recycledFor)),
	}
}

// getUserInRecycleBin finds a user by exactly one of two parameters.
func (s *Server) getUserInRecycleBin(r request) (reply, error) {
	s.emptyBins()
	id := r.Get("UserId")
	switch {
	case r.Has("UserId") && r.Has("UserAccessKeyId"):
		return nil, badFormat("UserAccessKeyId", "left out where UserId is given")
	case r.Has("UserAccessKeyId"):
		key := s.state.RecycledKeys[r.Get("UserAccessKeyId")]
		if key == nil {
			return nil, noRecycledKey(r.Get("UserAccessKeyId"))
		}
		id = key.UserID
	case !r.Has("UserId"):
		return nil, s.missing("UserId")
	}
	u := s.state.RecycledUsers[id]
	if u == nil {
		return nil, noUser(id)
	}
	return reply{"User": s.recycledUserView(u)}, nil
}

// namedRecycledUser returns the user in the bin that a request names.
func (s *Server) namedRecycledUser(r request) (*recycledUser, error) {
	id, err := s.required(r, "UserId")
	if err != nil {
		return nil, err
	}
	s.emptyBins()
	u := s.state.RecycledUsers[id]
	if u == nil {
		return nil, noUser(id)
	}
	return u, nil
}

func (s *Server) restoreUserFromRecycleBin(r request) (reply, error) {
	old, err := s.namedRecycledUser(r)
	if err != nil {
		return nil, err
	}
	if s.userNamed(old.UserName) != nil {
		return nil, alreadyExists("User", "The user already exists: %s.", old.UserName)
	}
	if limit := s.quotas().Users; len(s.state.Users) >= limit {
		return nil, limitExceeded("User", limit)
	}
	delete(s.state.RecycledUsers, old.UserID)
	s.addUser(&user{
		UserID: old.UserID, UserName: old.UserName, DisplayName: old.DisplayName, ProvisionType: manual, Tags: map[string]string{},
		CreateDate: old.CreateDate, UpdateDate: s.now(), LoginProfile: old.LoginProfile,
	})
	return nil, nil
}

func (s *Server) deleteUserInRecycleBin(r request) (reply, error) {
	u, err := s.namedRecycledUser(r)
	if err != nil {
		return nil, err
	}
	s.purgeUser(u.UserID)
	return nil, nil
}

// binOwner returns the id of the user whose keys in the bin a request is about: the one it names, who may be deleted,
// or else the caller.
func (s *Server) binOwner(r request) (string, error) {
	s.emptyBins()
	id := r.Get("UserId")
	switch {
	case r.Has("UserId"):
		if s.state.Users[id] == nil && s.state.RecycledUsers[id] == nil {
			return "", noUser(id)
		}
		return id, nil
	case r.caller.UserID == "":
		return "", s.missing("UserId")
	}
	return r.caller.UserID, nil
}

func (s *Server) listAccessKeysInRecycleBin(r request) (reply, error) {
	owner, err := s.binOwner(r)
	if err != nil {
		return nil, err
	}
	keys := s.recycledKeys(owner)
	sortBy(s, keys, func(k *recycledKey) string { return k.AccessKeyID })
	return reply{"AccessKeys": reply{"AccessKey": each(keys, recycledKeyView)}}, nil
}

func recycledKeyView(k *recycledKey) reply {
	return reply{
		"AccessKeyId": k.AccessKeyID,
		"CreateDate":  timestamp(k.CreateDate),
		"RecycleDate": timestamp(k.RecycleDate),
		"DeleteDate":  timestamp(k.RecycleDate.Add(recycledFor)),
	}
}

func (s *Server) getAccessKeyInfoInRecycleBin(r request) (reply, error) {
	id, err := s.required(r, "UserAccessKeyId")
	if err != nil {
		return nil, err
	}
	s.emptyBins()
	key := s.state.RecycledKeys[id]
	if key == nil {
		return nil, noRecycledKey(id)
	}
	view := recycledKeyView(key)
	view["UserId"] = key.UserID
	if u := s.state.RecycledUsers[key.UserID]; u != nil {
		view["UserPrincipalName"], view["UserRecycled"] = s.principalNameOf(u.UserName), true
	} else {
		view["UserPrincipalName"], view["UserRecycled"] = s.userPrincipalName(s.state.Users[key.UserID]), false
	}
	return reply{"AccessKey": view}, nil
}

func noRecycledKey(id string) error {
	return notExist("User.AccessKey", "The access key is not in the recycle bin: %s.", id)
}

// namedRecycledKey returns the key in the bin that a request names, which must belong to the user it names.
func (s *Server) namedRecycledKey(r request) (*recycledKey, error) {
	id, err := s.required(r, "UserAccessKeyId")
	if err != nil {
		return nil, err
	}
	owner, err := s.binOwner(r)
	if err != nil {
		return nil, err
	}
	key := s.state.RecycledKeys[id]
	if key == nil || key.UserID != owner {
		return nil, noRecycledKey(id)
	}
	return key, nil
}

// restoreAccessKeyFromRecycleBin makes the key active again. Its user must have been restored before.
func (s *Server) restoreAccessKeyFromRecycleBin(r request) (reply, error) {
	old, err := s.namedRecycledKey(r)
	if err != nil {
		return nil, err
	}
	if s.state.Users[old.UserID] == nil {
		return nil, noUser(old.UserID)
	}
	if limit := s.quotas().AccessKeysPerUser; len(s.accessKeys(old.UserID)) >= limit {
		return nil, limitExceeded("User.AccessKey", limit)
	}
	delete(s.state.RecycledKeys, old.AccessKeyID)
	key := old.accessKey
	key.Status, key.UpdateDate = active, s.now()
	s.keepAccessKey(&key)
	return nil, nil
}

func (s *Server) deleteAccessKeyInRecycleBin(r request) (reply, error) {
	key, err := s.namedRecycledKey(r)
	if err != nil {
		return nil, err
	}
	delete(s.state.RecycledKeys, key.AccessKeyID)
	return nil, nil
}
