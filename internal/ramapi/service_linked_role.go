package ramapi

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	ram "github.com/alibabacloud-go/ram-20150501/v2/client"
)

// ServiceLinkedRole is the role that one Alibaba Cloud service takes on in the
// account. Its name, its trust policy and its permissions are the service's.
type ServiceLinkedRole struct {
	ServiceName  string // such as polardb.aliyuncs.com
	CustomSuffix string // tells several roles of one service apart; empty for most
	Description  string // empty: the service decides
}

// serviceLinkedPrefix is how the names of service-linked roles begin. RAM marks
// them by nothing else.
const serviceLinkedPrefix = "AliyunServiceRoleFor"

// IsServiceLinkedRole reports whether a role of that name belongs to a service.
func IsServiceLinkedRole(name string) bool {
	return len(name) >= len(serviceLinkedPrefix) && strings.EqualFold(name[:len(serviceLinkedPrefix)], serviceLinkedPrefix)
}

// ServiceLinked tells which service the role is linked to, and its suffix. The
// trust policy names the service; what follows a _ in the name is the suffix.
func (r Role) ServiceLinked() ServiceLinkedRole {
	_, suffix, _ := strings.Cut(r.Name, "_")
	linked := ServiceLinkedRole{CustomSuffix: suffix, Description: r.Description}
	var trust struct {
		Statement []struct{ Principal struct{ Service any } }
	}
	if json.Unmarshal([]byte(r.AssumeRolePolicyDocument), &trust) != nil || len(trust.Statement) == 0 {
		return linked
	}
	switch service := trust.Statement[0].Principal.Service.(type) {
	case string:
		linked.ServiceName = service
	case []any:
		if len(service) > 0 {
			linked.ServiceName, _ = service[0].(string)
		}
	}
	return linked
}

// CreateServiceLinkedRole has the service's role made, and waits until it shows.
// The error is IsAlreadyExists where the account has it: FindServiceLinkedRole
// gives it.
func (c *Client) CreateServiceLinkedRole(ctx context.Context, in ServiceLinkedRole) (Role, error) {
	made, err := createOnce(ctx, c, call{action: "CreateServiceLinkedRole"},
		func(ctx context.Context) (Role, error) { return c.sendCreateServiceLinkedRole(ctx, in) },
		func(ctx context.Context, began time.Time) (Role, bool, error) {
			found, err := c.FindServiceLinkedRole(ctx, in)
			return found, c.madeSince(found.CreateDate, began), err
		})
	if err != nil {
		return Role{}, err
	}
	// The name is known only now, so only now can the writing of it be noted.
	_, _ = c.writes.mark(allOf(KindRole, made.Name), 0)
	c.ledger.made(role(made.Name))
	if shown, err := c.Role(ctx, made.Name); err == nil {
		return shown, nil
	}
	return made, nil // it is there, whatever came between
}

func (c *Client) sendCreateServiceLinkedRole(ctx context.Context, in ServiceLinkedRole) (Role, error) {
	query := map[string]any{"ServiceName": in.ServiceName}
	if in.CustomSuffix != "" {
		query["CustomSuffix"] = in.CustomSuffix
	}
	if in.Description != "" {
		query["Description"] = in.Description
	}
	out, err := callRM[struct{ Role *ram.GetRoleResponseBodyRole }](ctx, c, "CreateServiceLinkedRole", query)
	if err != nil {
		return Role{}, err
	}
	return converted(out.Role, wholeRoleFromAPI)
}

// FindServiceLinkedRole gives the role of that service and suffix. The error is
// IsNotFound where there is none. The name of a service says nothing about that
// of its role, so this reads each service-linked role until it has found it.
func (c *Client) FindServiceLinkedRole(ctx context.Context, in ServiceLinkedRole) (Role, error) {
	for r, err := range c.Roles(ctx) {
		if err != nil {
			return Role{}, err
		}
		if !IsServiceLinkedRole(r.Name) || r.ServiceLinked().CustomSuffix != in.CustomSuffix {
			continue
		}
		r, err = c.fetchRole(ctx, r.Name)
		if err != nil && !IsNotFound(err) {
			return Role{}, err
		}
		if err == nil && r.ServiceLinked().ServiceName == in.ServiceName {
			return r, nil
		}
	}
	return Role{}, notFound(KindRole, "of the service "+in.ServiceName)
}

// deletionPatience is how long the deletion of a service-linked role may take:
// its service looks for what uses the role, in every region.
const deletionPatience = 10 * time.Minute

// DeleteServiceLinkedRole has the role deleted, and waits until that is done. The
// error tells which resources still need the role, if any do.
func (c *Client) DeleteServiceLinkedRole(ctx context.Context, name string) error {
	_, err := writing(&c.writes, allOf(KindRole, name), func() (struct{}, error) {
		return struct{}{}, c.deleteServiceLinkedRole(ctx, name)
	}, func(_ struct{}, at uint64) { c.roles.putGone(name, notFound(KindRole, name), at) })
	return err
}

func (c *Client) deleteServiceLinkedRole(ctx context.Context, name string) error {
	op := call{action: "DeleteServiceLinkedRole", access: write}
	task, err := do(ctx, c, op, func(ctx context.Context) (string, error) {
		out, err := callRM[struct {
			DeletionTaskID *string `json:"DeletionTaskId"`
		}](ctx, c, op.action, map[string]any{"RoleName": name})
		if err != nil {
			return "", err
		}
		return converted(out.DeletionTaskID, func(id *string) string { return *id })
	})
	missing := isMissing(err, string(KindRole))
	if err == nil || missing {
		c.ledger.dropped(role(name))
	}
	switch {
	case missing && isAfterLost(err):
		return nil
	case err != nil:
		return err
	}
	deadline := time.Now().Add(deletionPatience)
	for attempt := 0; ; attempt++ {
		done, err := c.deletionDone(ctx, task)
		switch {
		case done, err != nil && c.isRoleGone(ctx, name): // the latter by another task, or before its end could be told
			return nil
		case err != nil && !IsNotFound(err): // a task may show late
			return err
		}
		if time.Now().After(deadline) {
			return &Error{Action: op.action, Message: fmt.Sprintf("after %s the deletion is still under way; it may succeed yet", deletionPatience)}
		}
		if err := pause(ctx, attempt); err != nil {
			return &Error{Action: op.action, Message: "the end of the deletion was not waited for: " + err.Error(), cause: err}
		}
	}
}

// deletionDone reports whether the task has succeeded. The error says why it has
// not and will not; it is IsNotFound where there is no such task.
func (c *Client) deletionDone(ctx context.Context, task string) (bool, error) {
	type usage struct {
		Region    string
		Resources struct{ Resource []string }
	}
	type answer struct {
		Status string
		Reason struct {
			Message    string
			RoleUsages struct{ RoleUsage []usage }
		}
	}
	op := call{action: "GetServiceLinkedRoleDeletionStatus"}
	out, err := do(ctx, c, op, func(ctx context.Context) (*answer, error) {
		return callRM[answer](ctx, c, op.action, map[string]any{"DeletionTaskId": task})
	})
	if err != nil {
		return false, err
	}
	switch out.Status {
	case "SUCCEEDED":
		return true, nil
	case "FAILED", "INTERNAL_ERROR":
	default:
		return false, nil
	}
	message := out.Reason.Message
	if message == "" {
		message = "the deletion ended as " + out.Status
	}
	var users []string
	for _, u := range out.Reason.RoleUsages.RoleUsage {
		for _, resource := range u.Resources.Resource {
			users = append(users, fmt.Sprintf("%s (%s)", resource, u.Region))
		}
	}
	if len(users) > 0 {
		message = strings.TrimSuffix(message, ".") + ". Delete these first: " + strings.Join(users, ", ")
	}
	return false, &Error{Action: op.action, Message: message}
}

func (c *Client) isRoleGone(ctx context.Context, name string) bool {
	_, err := c.fetchRole(ctx, name)
	return IsNotFound(err)
}
