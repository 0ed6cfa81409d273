package ramserver

// groupsOf returns the groups that a user is in.
func (s *Server) groupsOf(u *user) []*group {
	var groups []*group
	for _, g := range s.state.Groups {
		if _, ok := g.Members[u.UserID]; ok {
			groups = append(groups, g)
		}
	}
	sortBy(s, groups, groupName)
	return groups
}

// userAndGroup returns the user and the group that a request names.
func (s *Server) userAndGroup(r request) (*user, *group, error) {
	u, err := s.namedUser(r)
	if err != nil {
		return nil, nil, err
	}
	g, err := s.namedGroup(r)
	return u, g, err
}

func (s *Server) addUserToGroup(r request) (reply, error) {
	u, g, err := s.userAndGroup(r)
	if err != nil {
		return nil, err
	}
	if _, ok := g.Members[u.UserID]; ok {
		return nil, alreadyExists("User.Group", "The user %s is in the group %s.", u.UserName, g.GroupName)
	}
	if limit := s.quotas().GroupsPerUser; len(s.groupsOf(u)) >= limit {
		return nil, limitExceeded("User.Group", limit)
	}
	g.Members[u.UserID] = s.now()
	return nil, nil
}

func (s *Server) removeUserFromGroup(r request) (reply, error) {
	u, g, err := s.userAndGroup(r)
	if err != nil {
		return nil, err
	}
	if _, ok := g.Members[u.UserID]; !ok {
		return nil, notExist("User.Group", "The user %s is not in the group %s.", u.UserName, g.GroupName)
	}
	delete(g.Members, u.UserID)
	return nil, nil
}

func (s *Server) listGroupsForUser(r request) (reply, error) {
	u, err := s.namedUser(r)
	if err != nil {
		return nil, err
	}
	return reply{"Groups": reply{"Group": each(s.groupsOf(u), func(g *group) reply {
		view := groupView(r, g)
		delete(view, "CreateDate")
		delete(view, "UpdateDate")
		view["JoinDate"] = timestamp(g.Members[u.UserID])
		return view
	})}}, nil
}

// listUsersForGroup names users without their id in RAM, and with it in IMS, whose pages are smaller.
func (s *Server) listUsersForGroup(r request) (reply, error) {
	g, err := s.namedGroup(r)
	if err != nil {
		return nil, err
	}
	var members []*user
	for id := range g.Members {
		members = append(members, s.state.Users[id])
	}
	maxItems := 1000
	if r.version == imsVersion {
		maxItems = 100
	}
	members, marker, err := page(s, r, members, userName, 100, maxItems)
	if err != nil {
		return nil, err
	}
	return listReply("Users", "User", each(members, func(u *user) reply {
		view := reply{"DisplayName": u.DisplayName, "JoinDate": timestamp(g.Members[u.UserID])}
		if r.version == imsVersion {
			view["UserId"] = u.UserID
			view["UserPrincipalName"] = s.userPrincipalName(u)
		} else {
			view["UserName"] = u.UserName
		}
		return view
	}), marker), nil
}
