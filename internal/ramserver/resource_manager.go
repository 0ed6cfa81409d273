package ramserver

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
)

// The types of principals in Resource Manager.
const (
	imsUser     = "IMSUser"
	imsGroup    = "IMSGroup"
	serviceRole = "ServiceRole"
)

// principalKinds are the kinds of principals in error codes.
var principalKinds = map[string]string{imsUser: "User", imsGroup: "Group", serviceRole: "Role"}

const roleDomainSuffix = ".onaliyunservice.com"

// grantee is a user, group or role that a policy is attached to.
type grantee struct {
	kind string // as error codes have it
	rm   string // as Resource Manager calls the kind
	id   string
	name string // with the domain

	policies *[]attachment // for the whole account
	visible  bool
}

func (s *Server) userGrantee(u *user) grantee {
	return grantee{"User", imsUser, u.UserID, s.userPrincipalName(u), &u.Policies, u.visible()}
}

func (s *Server) groupGrantee(g *group) grantee {
	return grantee{"Group", imsGroup, g.GroupID, g.GroupName + "@group." + s.defaultDomain(), &g.Policies, g.visible()}
}

func (s *Server) roleGrantee(role *role) grantee {
	label := strings.TrimSuffix(s.defaultDomain(), domainSuffix)
	return grantee{"Role", serviceRole, role.RoleID, role.RoleName + "@role." + label + roleDomainSuffix, &role.Policies, role.visible()}
}

// grantees returns everybody whom a policy may be attached to.
func (s *Server) grantees() []grantee {
	var all []grantee
	for _, u := range s.state.Users {
		all = append(all, s.userGrantee(u))
	}
	for _, g := range s.state.Groups {
		all = append(all, s.groupGrantee(g))
	}
	for _, role := range s.state.Roles {
		all = append(all, s.roleGrantee(role))
	}
	return all
}

// granteeOf returns who has a policy within a resource group.
func (s *Server) granteeOf(a groupAttachment) grantee {
	switch a.PrincipalType {
	case imsUser:
		return s.userGrantee(s.state.Users[a.PrincipalID])
	case imsGroup:
		return s.groupGrantee(s.state.Groups[a.PrincipalID])
	default:
		return s.roleGrantee(s.state.Roles[a.PrincipalID])
	}
}

// namedGrantee returns whom a request names by PrincipalType and PrincipalName.
func (s *Server) namedGrantee(r request) (grantee, error) {
	var kind string
	if _, err := s.required(r, "PrincipalType"); err != nil {
		return grantee{}, err
	}
	if err := r.choice(&kind, "PrincipalType", imsUser, imsGroup, serviceRole); err != nil {
		return grantee{}, err
	}
	name, err := s.required(r, "PrincipalName")
	if err != nil {
		return grantee{}, err
	}
	own, _, ok := strings.Cut(name, "@")
	if !ok {
		return grantee{}, badFormat("PrincipalName", "<name>@<domain>")
	}
	found := grantee{kind: principalKinds[kind]}
	switch kind {
	case imsUser:
		if u := s.userNamed(own); u != nil {
			found = s.userGrantee(u)
		}
	case imsGroup:
		if g := s.groupNamed(own); g != nil {
			found = s.groupGrantee(g)
		}
	default:
		if role := s.roleNamed(own); role != nil {
			found = s.roleGrantee(role)
		}
	}
	if !found.visible || !strings.EqualFold(name, found.name) {
		return grantee{}, notExist(found.kind, "The principal does not exist: %s.", name)
	}
	return found, nil
}

// attachPolicy attaches in a resource group, or for the whole account where that is given by the account's id.
func (s *Server) attachPolicy(r request) (reply, error) {
	to, err := s.resourceManagerGrant(r)
	if err != nil {
		return nil, err
	}
	return nil, s.unlessRepeated(s.attachNamed(r, to), "EntityAlreadyExists."+to.kind+".Policy")
}

func (s *Server) detachPolicy(r request) (reply, error) {
	from, err := s.resourceManagerGrant(r)
	if err != nil {
		return nil, err
	}
	return nil, s.unlessRepeated(s.detachNamed(r, from), "EntityNotExist."+from.kind+".Policy")
}

// resourceManagerGrant returns whom AttachPolicy and DetachPolicy are about, and makes sure that the request says where.
func (s *Server) resourceManagerGrant(r request) (grantee, error) {
	if _, err := s.required(r, "ResourceGroupId"); err != nil {
		return grantee{}, err
	}
	if r.Get("ResourceGroupId") == s.accountID() {
		r.Del("ResourceGroupId")
	}
	to, err := s.namedGrantee(r)
	if err == nil && to.rm == serviceRole {
		err = checkOrdinary(s.state.Roles[to.id])
	}
	return to, err
}

// unlessRepeated lets a call that changes nothing succeed, where Resource Manager may not refuse it.
func (s *Server) unlessRepeated(err error, code string) error {
	if e, ok := errors.AsType[*apiError](err); ok && s.Unsure.AttachPolicyRepeatable && e.code == code {
		return nil
	}
	return err
}

// listPolicyAttachments answers what is attached in resource groups, and what is attached for the whole account with the
// account's id for that of a resource group.
func (s *Server) listPolicyAttachments(r request) (reply, error) {
	if err := s.checkAttachmentFilters(r); err != nil {
		return nil, err
	}
	rows := []reply{}
	add := func(where string, to grantee, a attachment) {
		p := s.policyNamed(a.PolicyType, a.PolicyName)
		row := reply{
			"ResourceGroupId": where, "PolicyName": p.PolicyName, "PolicyType": p.PolicyType, "Description": p.Description,
			"PrincipalType": to.rm, "PrincipalName": to.name, "AttachDate": timestamp(a.AttachDate),
		}
		if matchesAttachment(r, row) {
			rows = append(rows, row)
		}
	}
	for _, to := range s.grantees() {
		for _, a := range *to.policies {
			add(s.accountID(), to, a)
		}
	}
	for _, rg := range s.state.ResourceGroups {
		for _, a := range rg.Attachments {
			add(rg.ID, s.granteeOf(a), a.attachment)
		}
	}
	sortBy(s, rows, func(row reply) string {
		return fmt.Sprintf("%s/%s/%s/%s/%s", row["ResourceGroupId"], row["PolicyName"], row["PolicyType"], row["PrincipalType"], row["PrincipalName"])
	})
	rows, out, err := numberedPage(s, r, rows)
	if err != nil {
		return nil, err
	}
	out["PolicyAttachments"] = reply{"PolicyAttachment": rows}
	return out, nil
}

// matchesAttachment reports whether a row passes the filters of a request.
func matchesAttachment(r request, row reply) bool {
	for _, filter := range []string{"ResourceGroupId", "PolicyType", "PolicyName", "PrincipalType", "PrincipalName"} {
		if wanted := r.Get(filter); wanted != "" && !strings.EqualFold(wanted, row[filter].(string)) {
			return false
		}
	}
	return true
}

// checkAttachmentFilters refuses words that are none, and names of what is not there where that is to be refused.
func (s *Server) checkAttachmentFilters(r request) error {
	var word string
	err := cmp.Or(
		r.choice(&word, "PrincipalType", imsUser, imsGroup, serviceRole),
		r.choice(&word, "Language", "en", "zh-CN", "ja"),
	)
	if err == nil && r.Has("PolicyType") {
		err = checkPolicyType(r.Get("PolicyType"))
	}
	if err != nil || !s.Unsure.AttachmentFiltersChecked {
		return err
	}
	if id := r.Get("ResourceGroupId"); id != "" && id != s.accountID() {
		_, err = s.groupOfResources(id)
	}
	if err == nil && r.Has("PolicyName") && r.Has("PolicyType") {
		_, err = s.namedPolicy(r)
	}
	if err == nil && r.Has("PrincipalName") && r.Has("PrincipalType") {
		_, err = s.namedGrantee(r)
	}
	return err
}
