package ramserver

import (
	"time"
)

type group struct {
	GroupID     string               `json:"GroupId"`
	GroupName   string               `json:"GroupName"`
	DisplayName string               `json:"DisplayName"`
	Comments    string               `json:"Comments"`
	CreateDate  time.Time            `json:"CreateDate"`
	UpdateDate  time.Time            `json:"UpdateDate"`
	Members     map[string]time.Time `json:"Members"` // join date by UserId
	Policies    []attachment         `json:"Policies"`

	newborn
}

func groupName(g *group) string { return g.GroupName }

// groupNamed returns the group of that name, visible or not, or nil.
func (s *Server) groupNamed(name string) *group {
	return s.state.index.groups[s.nameKey(name)]
}

// namedGroup returns the group that a request names.
func (s *Server) namedGroup(r request) (*group, error) {
	name, err := s.name(r, "GroupName", groupNames)
	if err != nil {
		return nil, err
	}
	g := s.groupNamed(name)
	if g == nil || !g.visible() {
		return nil, notExist("Group", "The group does not exist: %s.", name)
	}
	return g, nil
}

// newGroupName returns the name that a request wants to give, checked for rules and for owners other than except.
func (s *Server) newGroupName(r request, param string, except *group) (string, error) {
	name, err := s.name(r, param, groupNames)
	if err != nil {
		return "", err
	}
	if g := s.groupNamed(name); g != nil && g != except {
		return "", alreadyExists("Group", "The group already exists: %s.", name)
	}
	return name, nil
}

func (s *Server) createGroup(r request) (reply, error) {
	name, err := s.newGroupName(r, "GroupName", nil)
	if err != nil {
		return nil, err
	}
	g := &group{GroupName: name, Members: map[string]time.Time{}, CreateDate: s.now(), UpdateDate: s.now()}
	if err := s.describe(&g.Comments, r, "Comments", 128); err != nil {
		return nil, err
	}
	if limit := s.quotas().Groups; len(s.state.Groups) >= limit {
		return nil, limitExceeded("Group", limit)
	}
	g.GroupID, g.newborn = s.newGroupID(name), s.newborn()
	s.addGroup(g)
	view := groupView(r, g)
	delete(view, "UpdateDate")
	return reply{"Group": view}, nil
}

func (s *Server) getGroup(r request) (reply, error) {
	g, err := s.namedGroup(r)
	if err != nil {
		return nil, err
	}
	return reply{"Group": groupView(r, g)}, nil
}

func (s *Server) listGroups(r request) (reply, error) {
	groups, marker, err := page(s, r, sorted(s, s.state.Groups, groupName), groupName, 100, 100)
	if err != nil {
		return nil, err
	}
	return listReply("Groups", "Group", each(groups, func(g *group) reply { return groupView(r, g) }), marker), nil
}

// updateGroup renames in place: members and policies hang on the group's id.
func (s *Server) updateGroup(r request) (reply, error) {
	g, err := s.namedGroup(r)
	if err != nil {
		return nil, err
	}
	changed := *g
	if r.Has("NewGroupName") {
		if changed.GroupName, err = s.newGroupName(r, "NewGroupName", g); err != nil {
			return nil, err
		}
	}
	if err := s.describe(&changed.Comments, r, "NewComments", 128); err != nil {
		return nil, err
	}
	changed.UpdateDate = s.now()
	s.setGroup(g, changed)
	return reply{"Group": groupView(r, g)}, nil
}

func (s *Server) deleteGroup(r request) (reply, error) {
	g, err := s.namedGroup(r)
	if err != nil {
		return nil, err
	}
	switch {
	case len(g.Members) > 0:
		return nil, deleteConflict("Group.User", "The group %s has users.", g.GroupName)
	case len(g.Policies) > 0:
		return nil, deleteConflict("Group.Policy", "The group %s has policies.", g.GroupName)
	}
	if err := s.leaveResourceGroups("Group", g.GroupID); err != nil {
		return nil, err
	}
	s.dropGroup(g)
	return nil, nil
}

func groupView(r request, g *group) reply {
	view := reply{
		"GroupId":    g.GroupID,
		"GroupName":  g.GroupName,
		"Comments":   g.Comments,
		"CreateDate": timestamp(g.CreateDate),
		"UpdateDate": timestamp(g.UpdateDate),
	}
	if r.version == imsVersion {
		view["DisplayName"] = g.DisplayName
	}
	return view
}
