package ramserver

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// DefaultResourceGroupID is the id of the resource group that every account has.
const DefaultResourceGroupID = "rg-acfmdefault0001"

// resourceGroup is a group of cloud resources, and who may do what with just these.
type resourceGroup struct {
	ID          string            `json:"Id"`
	Name        string            `json:"Name"`
	DisplayName string            `json:"DisplayName"`
	CreateDate  time.Time         `json:"CreateDate"`
	Attachments []groupAttachment `json:"Attachments"`
}

// groupAttachment is a policy that a user, group or role has within a resource group.
type groupAttachment struct {
	attachment

	PrincipalType string `json:"PrincipalType"`
	PrincipalID   string `json:"PrincipalId"`
}

func resourceGroupID(rg *resourceGroup) string { return rg.ID }

// maxResourceGroups is how many an account may make besides the default one.
const maxResourceGroups = 30

func defaultResourceGroup() *resourceGroup {
	return &resourceGroup{ID: DefaultResourceGroupID, Name: "default", DisplayName: "default resource group"}
}

func noResourceGroup(id string) error {
	return &apiError{http.StatusNotFound, "EntityNotExists.ResourceGroup", "The specified resource group does not exist: " + id + "."}
}

// groupOfResources returns the resource group with that id.
func (s *Server) groupOfResources(id string) (*resourceGroup, error) {
	rg := s.state.ResourceGroups[id]
	if rg == nil {
		return nil, noResourceGroup(id)
	}
	return rg, nil
}

func (s *Server) createResourceGroup(r request) (reply, error) {
	name, err := s.name(r, "Name", nameRule{50, "-"})
	if err != nil {
		return nil, err
	}
	display, err := s.required(r, "DisplayName")
	if err != nil {
		return nil, err
	}
	if n := s.length(display); n < 1 || n > 50 {
		return nil, badLength("DisplayName", 1, 50)
	}
	for _, rg := range s.state.ResourceGroups {
		if rg.Name == name {
			return nil, alreadyExists("ResourceGroup", "The resource group already exists: %s.", name)
		}
	}
	if len(s.state.ResourceGroups) > maxResourceGroups {
		return nil, limitExceeded("ResourceGroup", maxResourceGroups)
	}
	rg := &resourceGroup{ID: s.newResourceGroupID(name), Name: name, DisplayName: display, CreateDate: s.now()}
	s.state.ResourceGroups[rg.ID] = rg
	return reply{"ResourceGroup": s.resourceGroupView(rg)}, nil
}

func (s *Server) listResourceGroups(r request) (reply, error) {
	groups := slices.DeleteFunc(sorted(s, s.state.ResourceGroups, resourceGroupID), func(rg *resourceGroup) bool {
		return rg.ID != cmp.Or(r.Get("ResourceGroupId"), rg.ID) || !strings.Contains(rg.Name, r.Get("Name")) || !strings.Contains(rg.DisplayName, r.Get("DisplayName"))
	})
	groups, out, err := numberedPage(s, r, groups)
	if err != nil {
		return nil, err
	}
	out["ResourceGroups"] = reply{"ResourceGroup": each(groups, s.resourceGroupView)}
	return out, nil
}

func (s *Server) resourceGroupView(rg *resourceGroup) reply {
	return reply{
		"Id": rg.ID, "Name": rg.Name, "DisplayName": rg.DisplayName, "AccountId": s.accountID(),
		"Status": "OK", "CreateDate": timestamp(rg.CreateDate),
	}
}

// numberedPage cuts out the page that PageNumber and PageSize ask for, as Resource Manager counts them, and begins the
// answer.
func numberedPage[T any](s *Server, r request, items []T) ([]T, reply, error) {
	size, err := s.pageSize(r, "PageSize", 10, 100)
	if err != nil {
		return nil, nil, err
	}
	number := 1
	if r.Has("PageNumber") {
		if number, err = strconv.Atoi(r.Get("PageNumber")); err != nil || number < 1 {
			return nil, nil, badRequest("InvalidParameter.PageNumber", "PageNumber must be 1 or more.")
		}
	}
	out := reply{"PageNumber": number, "PageSize": size, "TotalCount": len(items)}
	if number-1 > len(items)/size {
		return items[:0], out, nil // beyond the end, where what comes next could overflow
	}
	begin := min((number-1)*size, len(items))
	return items[begin:min(begin+size, len(items))], out, nil
}

// attachWithin attaches a policy within a resource group. How many may be attached there is not documented.
func (s *Server) attachWithin(rg *resourceGroup, p *policy, to grantee) error {
	if rg.attachmentOf(p, to) >= 0 {
		return alreadyExists(to.kind+".Policy", "The policy is attached in %s: %s.", rg.ID, p.PolicyName)
	}
	rg.Attachments = append(rg.Attachments, groupAttachment{attachment{p.PolicyType, p.PolicyName, s.now()}, to.rm, to.id})
	return nil
}

func (s *Server) detachWithin(rg *resourceGroup, p *policy, from grantee) error {
	i := rg.attachmentOf(p, from)
	if i < 0 {
		return notExist(from.kind+".Policy", "The policy is not attached in %s: %s.", rg.ID, p.PolicyName)
	}
	rg.Attachments = slices.Delete(rg.Attachments, i, i+1)
	return nil
}

func (rg *resourceGroup) attachmentOf(p *policy, to grantee) int {
	return slices.IndexFunc(rg.Attachments, func(a groupAttachment) bool { return a.key() == p.key() && a.PrincipalID == to.id })
}

// dropFromResourceGroups removes what is attached in resource groups and is meant.
func (s *Server) dropFromResourceGroups(meant func(groupAttachment) bool) {
	for _, rg := range s.state.ResourceGroups {
		rg.Attachments = slices.DeleteFunc(rg.Attachments, meant)
	}
}

// grantsInResourceGroups returns what is attached in resource groups and is meant.
func (s *Server) grantsInResourceGroups(meant func(groupAttachment) bool) []groupAttachment {
	var all []groupAttachment
	for _, rg := range sorted(s, s.state.ResourceGroups, resourceGroupID) {
		for _, a := range rg.Attachments {
			if meant(a) {
				all = append(all, a)
			}
		}
	}
	return all
}

// leaveResourceGroups takes what a principal that is deleted has in resource groups away, unless that is in the way of
// the deletion; kind names the principal in error codes.
func (s *Server) leaveResourceGroups(kind, id string) error {
	if len(s.grantsInResourceGroups(ofPrincipal(id))) > 0 && s.Unsure.ResourceGroupsBlockDeletion {
		return deleteConflict(kind+".Policy", "The %s has policies in resource groups.", strings.ToLower(kind))
	}
	s.dropFromResourceGroups(ofPrincipal(id))
	return nil
}

// ofPrincipal means whatever a user, group or role has.
func ofPrincipal(id string) func(groupAttachment) bool {
	return func(a groupAttachment) bool { return a.PrincipalID == id }
}

// ofPolicy means whoever has a policy.
func ofPolicy(key policyKey) func(groupAttachment) bool {
	return func(a groupAttachment) bool { return a.key() == key }
}
