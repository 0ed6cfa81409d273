package ramserver

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// linkedPrefix is how the names of service-linked roles begin.
const linkedPrefix = "AliyunServiceRoleFor"

// linkedService is a service that has a role of its own in the accounts that use it.
type linkedService struct {
	role     string // without linkedPrefix
	suffixes bool   // whether there may be several, told apart by a suffix, each with a description
}

// linkedServices are some of the services that have such a role. Which ones take suffixes is not documented beside the
// action: the last one stands for these.
var linkedServices = map[string]linkedService{
	"hdr.aliyuncs.com":     {role: "Hdr"},
	"polardb.aliyuncs.com": {role: "PolarDB"},
	"example.aliyuncs.com": {role: "Example", suffixes: true},
}

// roleUsage is what a service uses its role for in a region. It keeps the role from being deleted.
type roleUsage struct {
	Region    string   `json:"Region"`
	Resources []string `json:"Resources"`
}

// deletionTask is the deletion of a service-linked role, which takes a moment.
type deletionTask struct {
	ID       string      `json:"Id"`
	RoleID   string      `json:"RoleId"`
	RoleName string      `json:"RoleName"`
	Service  string      `json:"Service"`
	Status   string      `json:"Status"`
	Usages   []roleUsage `json:"Usages"` // why it failed

	endsAt time.Time
}

const (
	taskInProgress = "IN_PROGRESS"
	taskSucceeded  = "SUCCEEDED"
	taskFailed     = "FAILED"

	// deletionTakes is counted by the real clock: with Server.Now stopped, no task would ever end.
	deletionTakes = 300 * time.Millisecond
)

// UseServiceLinkedRole has the service of a role use it for resources, which is in the way of the role's deletion; none
// ends that. It reports whether there is such a role.
func (s *Server) UseServiceLinkedRole(roleName, region string, resources ...string) bool {
	s.lock()
	defer s.mu.Unlock()
	role := s.roleNamed(roleName)
	if role == nil || role.LinkedTo == "" {
		return false
	}
	role.Usages = nil
	if len(resources) > 0 {
		role.Usages = []roleUsage{{region, resources}}
	}
	return true
}

func isLinkedName(name string) bool { return strings.HasPrefix(name, linkedPrefix) }

// namedOrdinaryRole returns the role that a request names and wants to change.
func (s *Server) namedOrdinaryRole(r request) (*role, error) {
	role, err := s.namedRole(r)
	if err == nil {
		err = checkOrdinary(role)
	}
	if err != nil {
		return nil, err
	}
	return role, nil
}

// checkOrdinary refuses what would change a service-linked role: its trust policy and its policies are its service's.
// The documentation has no code for that.
func checkOrdinary(role *role) error {
	if role.LinkedTo == "" {
		return nil
	}
	return badRequest("NotSupport.ServiceLinkedRole", "The service-linked role %s cannot be changed or deleted in this way.", role.RoleName)
}

// createServiceLinkedRole succeeds even where the account has as many roles as it may, as the documentation says.
func (s *Server) createServiceLinkedRole(r request) (reply, error) {
	service, err := s.required(r, "ServiceName")
	if err != nil {
		return nil, err
	}
	linked, known := linkedServices[service]
	if !known {
		return nil, notExist("Service", "The service does not exist: %s.", service)
	}
	name := linkedPrefix + linked.role
	suffix, suffixed := r.Get("CustomSuffix"), r.Get("CustomSuffix") != ""
	switch {
	case suffixed && !linked.suffixes:
		return nil, badRequest("InvalidParameter.CustomSuffix.NotAllowed", "Custom suffix is not allowed for this Service Linked Role.")
	case suffixed && len(name)+1+len(suffix) > 64:
		return nil, badLength("CustomSuffix", 1, 63-len(name))
	case suffixed && !(nameRule{64, ".-"}).allows(suffix):
		return nil, badChars("CustomSuffix")
	case suffixed:
		name += "_" + suffix
	}
	description := fmt.Sprintf("Service Linked Role for %s.", linked.role)
	if r.Get("Description") != "" {
		if !linked.suffixes {
			return nil, badRequest("InvalidParameter.Description.NotAllowed", "Custom description is not allowed for default service linked role.")
		}
		if description = r.Get("Description"); s.length(description) > maxDescription {
			return nil, badLength("Description", 1, maxDescription)
		}
	}
	if s.roleNamed(name) != nil {
		return nil, alreadyExists("Role", "The role already exists: %s.", name)
	}
	trust, err := json.Marshal(map[string]any{"Version": "1", "Statement": []any{map[string]any{
		"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": map[string]any{"Service": []string{service}},
	}}})
	if err != nil {
		return nil, err
	}
	now := s.now()
	role := &role{
		RoleID: s.newRoleID(name), RoleName: name, Description: description, AssumeRolePolicyDocument: string(trust),
		MaxSessionDuration: minSessionSeconds, CreateDate: now, UpdateDate: now, Tags: map[string]string{}, LinkedTo: service, newborn: s.newborn(),
	}
	s.addRole(role)
	return reply{"Role": reply{
		"RoleId": role.RoleID, "RoleName": role.RoleName, "RolePrincipalName": s.roleGrantee(role).name, "Arn": s.roleARN(role),
		"Description": role.Description, "AssumeRolePolicyDocument": role.AssumeRolePolicyDocument,
		"CreateDate": timestamp(role.CreateDate), "IsServiceLinkedRole": true,
	}}, nil
}

// deleteServiceLinkedRole begins a deletion, and answers the one that is under way where there is one.
func (s *Server) deleteServiceLinkedRole(r request) (reply, error) {
	role, err := s.namedRole(r)
	if err != nil {
		return nil, err
	}
	if role.LinkedTo == "" {
		return nil, notExist("ServiceLinkedRole", "This role exists but is not a Service Linked Role: %s.", role.RoleName)
	}
	for _, task := range s.state.DeletionTasks {
		if task.RoleID == role.RoleID && task.Status == taskInProgress {
			return reply{"DeletionTaskId": task.ID}, nil
		}
	}
	task := &deletionTask{
		ID:     fmt.Sprintf("task/acs-service-role/%s/%s/%s", role.LinkedTo, role.RoleName, strings.ToLower(randomUUID(s.random("deletion", role.RoleID)))),
		RoleID: role.RoleID, RoleName: role.RoleName, Service: role.LinkedTo, Status: taskInProgress, endsAt: time.Now().Add(deletionTakes),
	}
	s.state.DeletionTasks[task.ID] = task
	return reply{"DeletionTaskId": task.ID}, nil
}

// endDeletions carries out what has been under way for long enough.
func (s *Server) endDeletions() {
	for _, task := range s.state.DeletionTasks {
		if task.Status != taskInProgress || time.Now().Before(task.endsAt) {
			continue
		}
		role := s.state.Roles[task.RoleID]
		if role != nil && len(role.Usages) > 0 {
			task.Status, task.Usages = taskFailed, role.Usages
			continue
		}
		if role != nil {
			s.removeRole(role)
		}
		task.Status = taskSucceeded
	}
}

func (s *Server) getServiceLinkedRoleDeletionStatus(r request) (reply, error) {
	id, err := s.required(r, "DeletionTaskId")
	if err != nil {
		return nil, err
	}
	if n := s.length(id); n < 26 || n > 255 {
		return nil, badLength("DeletionTaskId", 26, 255)
	}
	if !strings.HasPrefix(id, "task/acs-service-role/") {
		return nil, badRequest("InvalidParameter.DeletionTaskId", "The DeletionTaskId is invalid.")
	}
	task := s.state.DeletionTasks[id]
	if task == nil {
		return nil, notExist("ServiceLinkedRole.DeletionTask", "The deletion task for the given ID does not exist: %s.", id)
	}
	out := reply{"Status": task.Status}
	if task.Status == taskFailed {
		out["Reason"] = reply{
			"Message": fmt.Sprintf("Service-Linked Role %s cannot be deleted as it is in use by %s.", s.linkedARN(task.RoleName), task.Service),
			"RoleUsages": reply{"RoleUsage": each(task.Usages, func(u roleUsage) reply {
				return reply{"Region": u.Region, "Resources": reply{"Resource": u.Resources}}
			})},
		}
	}
	return out, nil
}

// linkedARN is the ARN of a service-linked role, with its name in lower case as in every documented answer.
func (s *Server) linkedARN(name string) string { return s.arn("role/" + strings.ToLower(name)) }
