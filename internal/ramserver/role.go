package ramserver

import (
	"maps"
	"slices"
	"strings"
	"time"
)

type role struct {
	RoleID                   string            `json:"RoleId"`
	RoleName                 string            `json:"RoleName"`
	Description              string            `json:"Description"`
	AssumeRolePolicyDocument string            `json:"AssumeRolePolicyDocument"`
	MaxSessionDuration       int               `json:"MaxSessionDuration"` // seconds
	CreateDate               time.Time         `json:"CreateDate"`
	UpdateDate               time.Time         `json:"UpdateDate"`
	Tags                     map[string]string `json:"Tags"`
	Policies                 []attachment      `json:"Policies"`

	LinkedTo string      `json:"LinkedTo"` // the service that a service-linked role belongs to; empty for any other role
	Usages   []roleUsage `json:"Usages"`   // by that service

	newborn
}

const (
	minSessionSeconds = 3600 // also what a role has unless told
	maxSessionSeconds = 43200
	maxDescription    = 1024
)

func roleName(r *role) string { return r.RoleName }

// roleNameInARN is a role's name as its ARN spells it.
func (s *Server) roleNameInARN(name string) string {
	if s.Unsure.LowerCaseRoleARNs {
		return strings.ToLower(name)
	}
	return name
}

func (s *Server) roleARN(role *role) string {
	if role.LinkedTo != "" {
		return s.linkedARN(role.RoleName)
	}
	return s.arn("role/" + s.roleNameInARN(role.RoleName))
}

func (s *Server) roleNames() nameRule {
	if s.Unsure.RoleNameUnderscore {
		return nameRule{64, ".-_"}
	}
	return nameRule{64, ".-"}
}

// roleNamed returns the role of that name, visible or not, or nil.
func (s *Server) roleNamed(name string) *role {
	return s.state.index.roles[s.nameKey(name)]
}

// namedRole returns the role that a request names.
func (s *Server) namedRole(r request) (*role, error) {
	rule := s.roleNames()
	if isLinkedName(r.Get("RoleName")) {
		rule.others += "_" // before the suffix
	}
	name, err := s.name(r, "RoleName", rule)
	if err != nil {
		return nil, err
	}
	role := s.roleNamed(name)
	if role == nil || !role.visible() {
		return nil, noRole(name)
	}
	return role, nil
}

func noRole(name string) error {
	return notExist("Role", "The role does not exist: %s.", name)
}

func (s *Server) createRole(r request) (reply, error) {
	name, err := s.name(r, "RoleName", s.roleNames())
	if err != nil {
		return nil, err
	}
	if !r.Has("AssumeRolePolicyDocument") {
		return nil, s.missing("AssumeRolePolicyDocument")
	}
	tags, err := jsonTags(r)
	if err != nil {
		return nil, err
	}
	now := s.now()
	role := &role{RoleName: name, MaxSessionDuration: minSessionSeconds, CreateDate: now, UpdateDate: now, Tags: map[string]string{}}
	if err := s.changeRole(role, r, ""); err != nil {
		return nil, err
	}
	if err := s.setTags(role.Tags, s.roleTags(), tags); err != nil {
		return nil, err
	}
	if s.roleNamed(name) != nil {
		return nil, alreadyExists("Role", "The role already exists: %s.", name)
	}
	if limit := s.quotas().Roles; len(s.state.Roles) >= limit {
		return nil, limitExceeded("Role", limit)
	}
	role.RoleID, role.newborn = s.newRoleID(name), s.newborn()
	s.addRole(role)
	view := s.roleView(role)
	delete(view, "UpdateDate")
	return reply{"Role": view}, nil
}

// changeRole sets what a request says about a role, in parameters with a prefix ("" or "New").
func (s *Server) changeRole(role *role, r request, prefix string) error {
	if param := prefix + "AssumeRolePolicyDocument"; r.Has(param) {
		document := r.Get(param)
		if n, limit := s.length(document), s.quotas().TrustPolicySize; n < 1 || n > limit {
			return badLength(param, 1, limit)
		}
		if err := s.checkTrustPolicy(document); err != nil {
			return err
		}
		role.AssumeRolePolicyDocument = document
	}
	if err := s.describe(&role.Description, r, prefix+"Description", maxDescription); err != nil {
		return err
	}
	return r.number(&role.MaxSessionDuration, prefix+"MaxSessionDuration", minSessionSeconds, maxSessionSeconds)
}

// getRole leaves the tags out, as RAM does.
func (s *Server) getRole(r request) (reply, error) {
	role, err := s.namedRole(r)
	if err != nil {
		return nil, err
	}
	return reply{"Role": s.roleView(role)}, nil
}

func (s *Server) listRoles(r request) (reply, error) {
	tags, err := jsonTags(r)
	if err != nil {
		return nil, err
	}
	roles := slices.DeleteFunc(sorted(s, s.state.Roles, roleName), func(role *role) bool { return !hasTags(role.Tags, tags) })
	roles, marker, err := page(s, r, roles, roleName, 100, 1000)
	if err != nil {
		return nil, err
	}
	return listReply("Roles", "Role", each(roles, func(role *role) reply {
		view := s.roleView(role)
		delete(view, "AssumeRolePolicyDocument")
		view["Tags"] = tagList(role.Tags)
		return view
	}), marker), nil
}

func (s *Server) updateRole(r request) (reply, error) {
	role, err := s.namedOrdinaryRole(r)
	if err != nil {
		return nil, err
	}
	changed := *role
	if s.Unsure.UpdateRoleResetsSession {
		changed.MaxSessionDuration = minSessionSeconds
	}
	if err := s.changeRole(&changed, r, "New"); err != nil {
		return nil, err
	}
	changed.UpdateDate = s.now()
	*role = changed
	return reply{"Role": s.roleView(role)}, nil
}

// deleteRole ends the role's sessions too.
func (s *Server) deleteRole(r request) (reply, error) {
	role, err := s.namedOrdinaryRole(r)
	if err != nil {
		return nil, err
	}
	if len(role.Policies) > 0 {
		return nil, deleteConflict("Role.Policy", "The role %s has policies.", role.RoleName)
	}
	if err := s.leaveResourceGroups("Role", role.RoleID); err != nil {
		return nil, err
	}
	s.removeRole(role)
	return nil, nil
}

func (s *Server) removeRole(role *role) {
	s.dropRole(role)
	maps.DeleteFunc(s.state.Sessions, func(_ string, ses *session) bool { return ses.RoleID == role.RoleID })
}

func (s *Server) roleView(role *role) reply {
	return reply{
		"RoleId":                   role.RoleID,
		"RoleName":                 role.RoleName,
		"Arn":                      s.roleARN(role),
		"Description":              role.Description,
		"AssumeRolePolicyDocument": role.AssumeRolePolicyDocument,
		"MaxSessionDuration":       role.MaxSessionDuration,
		"CreateDate":               timestamp(role.CreateDate),
		"UpdateDate":               timestamp(role.UpdateDate),
	}
}
