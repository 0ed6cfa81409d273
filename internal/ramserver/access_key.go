package ramserver

import "time"

// The states of access keys and login profiles.
const (
	active   = "Active"
	inactive = "Inactive"
)

type accessKey struct {
	AccessKeyID     string    `json:"AccessKeyId"`
	AccessKeySecret string    `json:"AccessKeySecret"`
	UserID          string    `json:"UserId"` // empty: the account root's
	Status          string    `json:"Status"`
	CreateDate      time.Time `json:"CreateDate"`
	UpdateDate      time.Time `json:"UpdateDate"`
	LastUsedDate    time.Time `json:"LastUsedDate"`
	LastUsedService string    `json:"LastUsedService"`

	NetworkPolicy *networkPolicy `json:"NetworkPolicy"` // nil: never set
}

// RootAccessKey returns the key pair of the account root, which is made on first use.
func (s *Server) RootAccessKey() (id, secret string) {
	s.lock()
	defer s.mu.Unlock()
	key := s.state.AccessKeys[s.state.RootAccessKeyID]
	if key == nil {
		key = s.addAccessKey("")
		s.state.RootAccessKeyID = key.AccessKeyID
	}
	return key.AccessKeyID, key.AccessKeySecret
}

func (s *Server) addAccessKey(userID string) *accessKey {
	id := s.newAccessKeyID(userID)
	key := &accessKey{
		AccessKeyID:     id,
		AccessKeySecret: s.newSecret(id),
		UserID:          userID,
		Status:          active,
		CreateDate:      s.now(),
		UpdateDate:      s.now(),
	}
	s.keepAccessKey(key)
	return key
}

func (s *Server) keepAccessKey(key *accessKey) {
	s.state.AccessKeys[key.AccessKeyID] = key
	s.state.index.keysOf.add(key.UserID, key.AccessKeyID, key)
}

func (s *Server) dropAccessKey(key *accessKey) {
	delete(s.state.AccessKeys, key.AccessKeyID)
	s.state.index.keysOf.drop(key.UserID, key.AccessKeyID)
}

// accessKeys returns the keys of a user, or of the account root for an empty id.
func (s *Server) accessKeys(userID string) []*accessKey {
	return sorted(s, s.state.index.keysOf[userID], func(k *accessKey) string { return k.AccessKeyID })
}

// keyOwner returns the id of the user whose keys a request is about: the one it names, or else the caller. It is
// empty for the account root.
func (s *Server) keyOwner(r request) (string, error) {
	param := "UserName"
	if r.version == imsVersion {
		param = "UserPrincipalName"
	}
	if r.Has(param) {
		u, err := s.namedUser(r)
		if err != nil {
			return "", err
		}
		return u.UserID, nil
	}
	if r.caller.Session != nil {
		return "", s.missing(param) // a session has no keys
	}
	return r.caller.UserID, nil
}

// namedKey returns the access key that a request names, which must belong to the user it names.
func (s *Server) namedKey(r request) (*accessKey, error) {
	id, err := s.required(r, "UserAccessKeyId")
	if err != nil {
		return nil, err
	}
	owner, err := s.keyOwner(r)
	if err != nil {
		return nil, err
	}
	key := s.state.AccessKeys[id]
	if key == nil || key.UserID != owner {
		return nil, notExist("User.AccessKey", "The access key does not exist: %s.", id)
	}
	return key, nil
}

// createAccessKey is the only action that ever answers the secret.
func (s *Server) createAccessKey(r request) (reply, error) {
	owner, err := s.keyOwner(r)
	if err != nil {
		return nil, err
	}
	limit := s.quotas().AccessKeysPerUser
	if owner == "" {
		limit = s.quotas().AccountAccessKeys
	}
	have := len(s.accessKeys(owner))
	if s.Unsure.RecycledKeysCount {
		have += len(s.recycledKeys(owner))
	}
	if have >= limit {
		return nil, limitExceeded("User.AccessKey", limit)
	}
	key := s.addAccessKey(owner)
	return reply{"AccessKey": reply{
		"AccessKeyId":     key.AccessKeyID,
		"AccessKeySecret": key.AccessKeySecret,
		"Status":          key.Status,
		"CreateDate":      timestamp(key.CreateDate),
	}}, nil
}

func (s *Server) listAccessKeys(r request) (reply, error) {
	owner, err := s.keyOwner(r)
	if err != nil {
		return nil, err
	}
	return reply{"AccessKeys": reply{"AccessKey": each(s.accessKeys(owner), func(key *accessKey) reply {
		view := reply{
			"AccessKeyId": key.AccessKeyID,
			"Status":      key.Status,
			"CreateDate":  timestamp(key.CreateDate),
		}
		if r.version == imsVersion {
			view["UpdateDate"] = timestamp(key.UpdateDate)
		}
		return view
	})}}, nil
}

func (s *Server) updateAccessKey(r request) (reply, error) {
	status, err := s.required(r, "Status")
	if err != nil {
		return nil, err
	}
	if err := r.choice(&status, "Status", active, inactive); err != nil {
		return nil, err
	}
	key, err := s.namedKey(r)
	if err != nil {
		return nil, err
	}
	key.Status, key.UpdateDate = status, s.now()
	return nil, nil
}

func (s *Server) deleteAccessKey(r request) (reply, error) {
	key, err := s.namedKey(r)
	if err != nil {
		return nil, err
	}
	if err := s.checkRoomForKey(key.UserID); err != nil {
		return nil, err
	}
	s.dropAccessKey(key)
	s.recycleKey(key)
	return nil, nil
}

func (s *Server) getAccessKeyLastUsed(r request) (reply, error) {
	key, err := s.namedKey(r)
	if err != nil {
		return nil, err
	}
	used := reply{"LastUsedDate": timestamp(key.LastUsedDate)}
	if key.LastUsedDate.IsZero() && s.Unsure.NeverUsedIsNA {
		used["LastUsedDate"] = "N/A"
	}
	if r.version == imsVersion {
		used["ServiceName"] = key.LastUsedService
		if key.LastUsedDate.IsZero() && s.Unsure.NeverUsedIsNA {
			used["ServiceName"] = "N/A"
		}
	}
	return reply{"AccessKeyLastUsed": used}, nil
}
