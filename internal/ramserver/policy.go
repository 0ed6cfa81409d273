package ramserver

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// The types of policies.
const (
	system = "System"
	custom = "Custom"
)

type policy struct {
	PolicyName     string            `json:"PolicyName"`
	PolicyType     string            `json:"PolicyType"`
	Description    string            `json:"Description"`
	DefaultVersion string            `json:"DefaultVersion"`
	Versions       []policyVersion   `json:"Versions"`     // in the order of their creation
	VersionsMade   int               `json:"VersionsMade"` // how many there have been so far
	Tags           map[string]string `json:"Tags"`
	CreateDate     time.Time         `json:"CreateDate"`
	UpdateDate     time.Time         `json:"UpdateDate"`

	newborn
}

// policyKey names a policy: a custom and a system one may share a name.
type policyKey struct{ policyType, name string }

func (p *policy) key() policyKey {
	return policyKey{p.PolicyType, p.PolicyName}
}

// policySortKey orders policies by name, then type.
func policySortKey(p *policy) string { return p.PolicyName + "/" + p.PolicyType }

// policyNamed returns the policy of that name, visible or not, or nil. RAM matches the names of policies without
// regard to case.
func (s *Server) policyNamed(policyType, name string) *policy {
	if policyType == system {
		return systemPolicies()[strings.ToLower(name)]
	}
	if p := s.state.Policies[name]; p != nil {
		return p
	}
	for _, p := range s.state.Policies {
		if strings.EqualFold(p.PolicyName, name) {
			return p
		}
	}
	return nil
}

// namedPolicy returns the policy that a request names by PolicyType and PolicyName.
func (s *Server) namedPolicy(r request) (*policy, error) {
	policyType, err := s.required(r, "PolicyType")
	if err != nil {
		return nil, err
	}
	if err := checkPolicyType(policyType); err != nil {
		return nil, err
	}
	return s.findPolicy(r, policyType)
}

// namedCustomPolicy returns the policy that a request names by PolicyName alone. Such actions know no system policies.
func (s *Server) namedCustomPolicy(r request) (*policy, error) {
	return s.findPolicy(r, custom)
}

func (s *Server) findPolicy(r request, policyType string) (*policy, error) {
	name, err := s.name(r, "PolicyName", policyNames)
	if err != nil {
		return nil, err
	}
	p := s.policyNamed(policyType, name)
	if p != nil && p.visible() {
		return p, nil
	}
	entity := "Policy"
	if policyType == custom && s.Unsure.NarrowEntityCodes {
		entity = "CustomPolicy"
	}
	return nil, notExist(entity, "The policy does not exist: %s.", name)
}

func checkPolicyType(policyType string) error {
	if policyType != system && policyType != custom {
		return badRequest("InvalidParameter.PolicyType", "PolicyType must be System or Custom.")
	}
	return nil
}

func (s *Server) createPolicy(r request) (reply, error) {
	name, err := s.name(r, "PolicyName", policyNames)
	if err != nil {
		return nil, err
	}
	document, err := s.newPolicyDocument(r)
	if err != nil {
		return nil, err
	}
	tags, err := jsonTags(r)
	if err != nil {
		return nil, err
	}
	p := &policy{PolicyName: name, PolicyType: custom, Tags: map[string]string{}, CreateDate: s.now(), UpdateDate: s.now()}
	if err := s.describe(&p.Description, r, "Description", maxDescription); err != nil {
		return nil, err
	}
	if err := s.setTags(p.Tags, s.roleTags(), tags); err != nil {
		return nil, err
	}
	if s.policyNamed(custom, name) != nil || s.Unsure.SystemPolicyNamesReserved && s.policyNamed(system, name) != nil {
		return nil, alreadyExists("Policy", "The policy already exists: %s.", name)
	}
	if limit := s.quotas().Policies; len(s.state.Policies) >= limit {
		return nil, limitExceeded("Policy", limit)
	}
	p.addVersion(document, s.now(), false)
	p.DefaultVersion, p.newborn = p.Versions[0].VersionID, s.newborn()
	s.state.Policies[name] = p
	view := policyView(p)
	delete(view, "UpdateDate")
	return reply{"Policy": view}, nil
}

// newPolicyDocument reads and checks the document of a new policy or version.
func (s *Server) newPolicyDocument(r request) (string, error) {
	document, err := s.required(r, "PolicyDocument")
	if err != nil {
		return "", err
	}
	if n, limit := s.length(document), s.quotas().PolicySize; n < 1 || n > limit {
		return "", badLength("PolicyDocument", 1, limit)
	}
	return document, s.checkIdentityPolicy(document)
}

// getPolicy answers the document of the default version, and again in a field of the policy, which is deprecated.
func (s *Server) getPolicy(r request) (reply, error) {
	p, err := s.namedPolicy(r)
	if err != nil {
		return nil, err
	}
	v := p.version(p.DefaultVersion)
	view := policyView(p)
	view["AttachmentCount"] = s.state.index.holderCounts[p.key()]
	view["PolicyDocument"] = v.PolicyDocument
	return reply{"Policy": view, "DefaultPolicyVersion": p.versionView(v)}, nil
}

func (s *Server) listPolicies(r request) (reply, error) {
	tags, err := jsonTags(r)
	if err != nil {
		return nil, err
	}
	var policies []*policy
	if r.Has("PolicyType") {
		if err := checkPolicyType(r.Get("PolicyType")); err != nil {
			return nil, err
		}
	}
	if r.Get("PolicyType") != system {
		policies = slices.AppendSeq(policies, maps.Values(s.state.Policies))
	}
	if r.Get("PolicyType") != custom {
		policies = slices.AppendSeq(policies, maps.Values(systemPolicies()))
	}
	policies = slices.DeleteFunc(policies, func(p *policy) bool { return !hasTags(p.Tags, tags) })
	sortBy(s, policies, policySortKey)
	policies, marker, err := page(s, r, policies, policySortKey, 100, 1000)
	if err != nil {
		return nil, err
	}
	return listReply("Policies", "Policy", each(policies, func(p *policy) reply {
		view := policyView(p)
		view["AttachmentCount"] = s.state.index.holderCounts[p.key()]
		view["Tags"] = tagList(p.Tags)
		return view
	}), marker), nil
}

func (s *Server) updatePolicyDescription(r request) (reply, error) {
	if !r.Has("NewDescription") {
		return nil, s.missing("NewDescription")
	}
	p, err := s.namedCustomPolicy(r)
	if err != nil {
		return nil, err
	}
	if err := s.describe(&p.Description, r, "NewDescription", maxDescription); err != nil {
		return nil, err
	}
	p.UpdateDate = s.now()
	return reply{"Policy": policyView(p)}, nil
}

// deletePolicy refuses while the policy is attached, or has versions besides the default one. CascadingDelete takes the
// versions along and never detaches.
func (s *Server) deletePolicy(r request) (reply, error) {
	cascading := false
	if err := r.boolean(&cascading, "CascadingDelete"); err != nil {
		return nil, err
	}
	p, err := s.namedCustomPolicy(r)
	if err != nil {
		return nil, err
	}
	users, groups, roles := s.holders(p)
	switch {
	case len(users) > 0:
		return nil, deleteConflict("Policy.User", "The policy %s is attached to users.", p.PolicyName)
	case len(groups) > 0:
		return nil, deleteConflict("Policy.Group", "The policy %s is attached to groups.", p.PolicyName)
	case len(roles) > 0:
		return nil, deleteConflict("Policy.Role", "The policy %s is attached to roles.", p.PolicyName)
	case len(p.Versions) > 1 && !cascading:
		return nil, deleteConflict("Policy.Version", "The policy %s has other versions than the default one.", p.PolicyName)
	}
	if holders := s.grantsInResourceGroups(ofPolicy(p.key())); len(holders) > 0 && s.Unsure.ResourceGroupsBlockDeletion {
		return nil, deleteConflict("Policy."+principalKinds[holders[0].PrincipalType], "The policy %s is attached in resource groups.", p.PolicyName)
	}
	s.dropFromResourceGroups(ofPolicy(p.key()))
	delete(s.state.Policies, p.PolicyName)
	return nil, nil
}

func policyView(p *policy) reply {
	return reply{
		"PolicyName":     p.PolicyName,
		"PolicyType":     p.PolicyType,
		"Description":    p.Description,
		"DefaultVersion": p.DefaultVersion,
		"CreateDate":     timestamp(p.CreateDate),
		"UpdateDate":     timestamp(p.UpdateDate),
	}
}
