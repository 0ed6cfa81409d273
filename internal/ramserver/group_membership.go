package ramserver

// groupsOf returns the groups that a user is in.
func (s *Server) groupsOf(u *user) []*group {
	return sorted(s, s.state.index.groupsOf[u.UserID], groupName)
}

func (s *Server) join(u *user, g *group) {
	ix := s.state.index
	g.Members[u.UserID] = s.now()
	ix.groupsOf.add(u.UserID, g.GroupID, g)
	ix.members[g.GroupID] = s.listUser(ix.members[g.GroupID], u)
}

func (s *Server) leave(u *user, g *group) {
	ix := s.state.index
	delete(g.Members, u.UserID)
	ix.groupsOf.drop(u.UserID, g.GroupID)
	if ix.members[g.GroupID] = s.unlistUser(ix.members[g.GroupID], u); len(g.Members) == 0 {
		delete(ix.members, g.GroupID)
	}
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
	s.join(u, g)
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
	s.leave(u, g)
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
	maxItems := 1000
	if r.version == imsVersion {
		maxItems = 100
	}
	members, marker, err := page(s, r, s.state.index.members[g.GroupID], userName, 100, maxItems)
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
