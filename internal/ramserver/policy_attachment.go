package ramserver

import (
	"slices"
	"time"
)

// attachment is a policy that a user, group or role has.
type attachment struct {
	PolicyType string    `json:"PolicyType"`
	PolicyName string    `json:"PolicyName"`
	AttachDate time.Time `json:"AttachDate"`
}

func (a attachment) key() policyKey {
	return policyKey{a.PolicyType, a.PolicyName}
}

func attachmentOf(p *policy, all []attachment) int {
	return slices.IndexFunc(all, func(a attachment) bool { return a.key() == p.key() })
}

// attachNamed gives the policy that a request names to a user, group or role: within a resource group where the request
// names one, and otherwise for the whole account. These are different things, which may be there side by side.
func (s *Server) attachNamed(r request, to grantee) error {
	p, rg, err := s.namedGrant(r)
	if err != nil {
		return err
	}
	if rg != nil {
		return s.attachWithin(rg, p, to)
	}
	if attachmentOf(p, *to.policies) >= 0 {
		return alreadyExists(to.kind+".Policy", "The policy is attached: %s.", p.PolicyName)
	}
	limit, have := s.quotas().CustomPoliciesEach, 0
	if p.PolicyType == system {
		limit = s.quotas().SystemPoliciesEach
	}
	for _, a := range *to.policies {
		if a.PolicyType == p.PolicyType {
			have++
		}
	}
	if have >= limit {
		return limitExceeded(to.kind+".Policy", limit)
	}
	s.attach(p, to.policies)
	return nil
}

func (s *Server) detachNamed(r request, from grantee) error {
	p, rg, err := s.namedGrant(r)
	if err != nil {
		return err
	}
	if rg != nil {
		return s.detachWithin(rg, p, from)
	}
	if attachmentOf(p, *from.policies) < 0 {
		return notExist(from.kind+".Policy", "The policy is not attached: %s.", p.PolicyName)
	}
	s.detach(p, from.policies)
	return nil
}

// namedGrant returns the policy that a request names, and the resource group, nil for the whole account.
func (s *Server) namedGrant(r request) (*policy, *resourceGroup, error) {
	p, err := s.namedPolicy(r)
	if err != nil || r.Get("ResourceGroupId") == "" {
		return p, nil, err
	}
	rg, err := s.groupOfResources(r.Get("ResourceGroupId"))
	return p, rg, err
}

func (s *Server) attach(p *policy, to *[]attachment) {
	*to = append(*to, attachment{PolicyType: p.PolicyType, PolicyName: p.PolicyName, AttachDate: s.now()})
	s.state.index.holderCounts[p.key()]++
}

func (s *Server) detach(p *policy, from *[]attachment) {
	i := attachmentOf(p, *from)
	*from = slices.Delete(*from, i, i+1)
	counts := s.state.index.holderCounts
	if counts[p.key()]--; counts[p.key()] == 0 {
		delete(counts, p.key())
	}
}

func (s *Server) attachPolicyToUser(r request) (reply, error) {
	u, err := s.namedUser(r)
	if err != nil {
		return nil, err
	}
	return nil, s.attachNamed(r, s.userGrantee(u))
}

func (s *Server) attachPolicyToGroup(r request) (reply, error) {
	g, err := s.namedGroup(r)
	if err != nil {
		return nil, err
	}
	return nil, s.attachNamed(r, s.groupGrantee(g))
}

func (s *Server) attachPolicyToRole(r request) (reply, error) {
	role, err := s.namedOrdinaryRole(r)
	if err != nil {
		return nil, err
	}
	return nil, s.attachNamed(r, s.roleGrantee(role))
}

func (s *Server) detachPolicyFromUser(r request) (reply, error) {
	u, err := s.namedUser(r)
	if err != nil {
		return nil, err
	}
	return nil, s.detachNamed(r, s.userGrantee(u))
}

func (s *Server) detachPolicyFromGroup(r request) (reply, error) {
	g, err := s.namedGroup(r)
	if err != nil {
		return nil, err
	}
	return nil, s.detachNamed(r, s.groupGrantee(g))
}

func (s *Server) detachPolicyFromRole(r request) (reply, error) {
	role, err := s.namedOrdinaryRole(r)
	if err != nil {
		return nil, err
	}
	return nil, s.detachNamed(r, s.roleGrantee(role))
}

func (s *Server) listPoliciesForUser(r request) (reply, error) {
	u, err := s.namedUser(r)
	if err != nil {
		return nil, err
	}
	return s.attachmentsReply(u.Policies), nil
}

func (s *Server) listPoliciesForGroup(r request) (reply, error) {
	g, err := s.namedGroup(r)
	if err != nil {
		return nil, err
	}
	return s.attachmentsReply(g.Policies), nil
}

func (s *Server) listPoliciesForRole(r request) (reply, error) {
	role, err := s.namedRole(r)
	if err != nil {
		return nil, err
	}
	return s.attachmentsReply(role.Policies), nil
}

func (s *Server) attachmentsReply(all []attachment) reply {
	all = slices.Clone(all)
	sortBy(s, all, func(a attachment) string { return a.PolicyName + "/" + a.PolicyType })
	return reply{"Policies": reply{"Policy": each(all, func(a attachment) reply {
		p := s.policyNamed(a.PolicyType, a.PolicyName)
		return reply{
			"PolicyName":     p.PolicyName,
			"PolicyType":     p.PolicyType,
			"Description":    p.Description,
			"DefaultVersion": p.DefaultVersion,
			"AttachDate":     timestamp(a.AttachDate),
		}
	})}}
}

func (s *Server) listEntitiesForPolicy(r request) (reply, error) {
	p, err := s.namedPolicy(r)
	if err != nil {
		return nil, err
	}
	since := func(all []attachment) string { return timestamp(all[attachmentOf(p, all)].AttachDate) }
	users, groups, roles := s.holders(p)
	return reply{
		"Users": reply{"User": each(users, func(u *user) reply {
			return reply{
				"UserId": u.UserID, "UserName": u.UserName, "DisplayName": u.DisplayName, "AttachDate": since(u.Policies),
			}
		})},
		"Groups": reply{"Group": each(groups, func(g *group) reply {
			return reply{"GroupName": g.GroupName, "Comments": g.Comments, "AttachDate": since(g.Policies)}
		})},
		"Roles": reply{"Role": each(roles, func(role *role) reply {
			return reply{
				"RoleId": role.RoleID, "RoleName": role.RoleName, "Arn": s.roleARN(role),
				"Description": role.Description, "AttachDate": since(role.Policies),
			}
		})},
	}, nil
}

// holders returns whom a policy is attached to.
func (s *Server) holders(p *policy) ([]*user, []*group, []*role) {
	if s.state.index.holderCounts[p.key()] == 0 {
		return nil, nil, nil
	}
	users := having(s.state.Users, p, func(u *user) []attachment { return u.Policies })
	groups := having(s.state.Groups, p, func(g *group) []attachment { return g.Policies })
	roles := having(s.state.Roles, p, func(r *role) []attachment { return r.Policies })
	sortBy(s, users, userName)
	sortBy(s, groups, groupName)
	sortBy(s, roles, roleName)
	return users, groups, roles
}

func having[T any](entities map[string]T, p *policy, policies func(T) []attachment) []T {
	var out []T
	for _, e := range entities {
		if attachmentOf(p, policies(e)) >= 0 {
			out = append(out, e)
		}
	}
	return out
}
