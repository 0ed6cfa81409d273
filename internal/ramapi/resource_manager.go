package ramapi

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// Resource Manager, version 2020-03-31, at resourcemanager.aliyuncs.com. Two
// things of RAM are to be had there only: policies that a principal has within
// one resource group, and the service-linked roles. No SDK of it is used; what
// follows is from the pages of the same names in "Resource Management, API
// reference", and where it says so from the source of the official Terraform
// provider, terraform-provider-alicloud.
//
// AttachPolicy and DetachPolicy take ResourceGroupId, PolicyType, PolicyName,
// PrincipalType and PrincipalName, all required. ResourceGroupId is rg-… or the
// account's id, for the whole account. Codes: InvalidParameter.PolicyType,
// EntityNotExist.Policy, EntityNotExists.ResourceGroup, Invalid.ResourceGroup.Status.
// The pages have none for an attachment that is there already, or is not there;
// those of RAM's own actions are expected. RAM's AttachPolicyToUser and its
// siblings have an undocumented parameter ResourceGroupId, which is left alone.
//
// PrincipalType is IMSUser, IMSGroup or ServiceRole. PrincipalName is
// <user>@<alias>.onaliyun.com, <group>@group.<alias>.onaliyun.com or
// <role>@role.<alias>.onaliyunservice.com, where <alias> is the label of the
// default domain that GetDefaultDomain answers: the account's id where there is
// no alias (official provider: its tests).
//
// ListPolicyAttachments filters by any of the five, and answers pages by
// PageNumber, from 1, and PageSize, up to 100, as PolicyAttachments.PolicyAttachment[]
// with the five and AttachDate. Without ResourceGroupId it has what is attached
// for the whole account too, with the account's id. Which of its filters mind
// case is not said, so a policy's name is one only where RAM has spelled it.
// The official provider takes EntityNotExist.Policy and
// EntityNotExists.ResourceGroup for an attachment that is gone.
//
// CreateServiceLinkedRole takes ServiceName, CustomSuffix and Description (the
// latter two only for some services: InvalidParameter.CustomSuffix.NotAllowed,
// .Description.NotAllowed) and answers Role{RoleName, RoleId, Arn, Description,
// AssumeRolePolicyDocument, CreateDate, IsServiceLinkedRole}. Codes:
// EntityNotExist.Service, EntityAlreadyExists.Role, LimitExceeded.Role. The role
// is called AliyunServiceRoleFor… and, with a suffix, …_<suffix>; its trust policy
// names the service.
//
// DeleteServiceLinkedRole takes RoleName and answers DeletionTaskId. Codes:
// EntityNotExist.Role, EntityNotExist.ServiceLinkedRole.
// GetServiceLinkedRoleDeletionStatus takes DeletionTaskId and answers Status
// (SUCCEEDED, IN_PROGRESS, FAILED, NOT_STARTED, INTERNAL_ERROR) and, for a
// failure, Reason{Message, RoleUsages.RoleUsage[]{Region, Resources.Resource[]}}.
// Code: EntityNotExist.ServiceLinkedRole.DeletionTask.

// callRM calls an action of Resource Manager. T is the body of its answer.
func callRM[T any](ctx context.Context, c *Client, action string, query map[string]any) (*T, error) {
	out, err := callRPC[struct {
		Body *T `json:"body"`
	}](ctx, c, c.resourceManager(), rmVersion, action, "AK", query)
	if err != nil {
		return nil, err
	}
	return converted(out.Body, func(body *T) *T { return body })
}

// principalTypes are what Resource Manager calls the kinds of principals.
var principalTypes = map[Kind]string{KindUser: "IMSUser", KindGroup: "IMSGroup", KindRole: "ServiceRole"}

// principalName gives the name that Resource Manager knows the principal by.
func (c *Client) principalName(ctx context.Context, p Principal) (string, error) {
	domain, err := c.DefaultDomain(ctx)
	if err != nil {
		return "", fmt.Errorf("learning the account's default domain: %w", err)
	}
	switch p.Kind {
	case KindUser:
		return p.Name + "@" + domain, nil
	case KindGroup:
		return p.Name + "@group." + domain, nil
	default:
		return p.Name + "@role." + strings.TrimSuffix(domain, ".onaliyun.com") + ".onaliyunservice.com", nil
	}
}

// attachmentRow is a row of ListPolicyAttachments.
type attachmentRow struct {
	ResourceGroupID string `json:"ResourceGroupId"`
	PolicyType      string
	PolicyName      string
	PrincipalType   string
	PrincipalName   string
	AttachDate      string
}

// attachment gives the attachment of a row. The principal's name is without the
// domain, which nothing but the account itself decides; it has no id.
func (r attachmentRow) attachment() Attachment {
	a := Attachment{PolicyName: r.PolicyName, PolicyType: r.PolicyType, ResourceGroupID: r.ResourceGroupID}
	for kind, principalType := range principalTypes {
		if principalType == r.PrincipalType {
			a.To = Principal{Kind: kind, Name: localPart(r.PrincipalName)}
		}
	}
	return a
}

const attachmentPageSize = 100

// attachmentPage is one page of ListPolicyAttachments. next is the number of the
// page that may follow it, nil for none.
type attachmentPage struct {
	rows []attachmentRow
	next *string
}

// sendListAttachments asks for a page of the attachments that the filters let
// pass, by its number; nil is the first.
func (c *Client) sendListAttachments(ctx context.Context, filters map[string]string, number *string) (attachmentPage, error) {
	n := 1
	if number != nil {
		var err error
		if n, err = strconv.Atoi(*number); err != nil {
			return attachmentPage{}, err
		}
	}
	query := map[string]any{"PageNumber": strconv.Itoa(n), "PageSize": strconv.Itoa(attachmentPageSize)}
	for name, value := range filters {
		query[name] = value
	}
	out, err := callRM[struct {
		PolicyAttachments struct{ PolicyAttachment []attachmentRow }
	}](ctx, c, "ListPolicyAttachments", query)
	if err != nil {
		return attachmentPage{}, err
	}
	page := attachmentPage{rows: out.PolicyAttachments.PolicyAttachment}
	if len(page.rows) == attachmentPageSize {
		page.next = new(strconv.Itoa(n + 1))
	}
	return page, nil
}

// listPolicyAttachments is sendListAttachments as a call of its own.
func (c *Client) listPolicyAttachments(ctx context.Context, filters map[string]string, number *string) ([]attachmentRow, *string, error) {
	page, err := do(ctx, c, call{action: "ListPolicyAttachments"}, func(ctx context.Context) (attachmentPage, error) {
		return c.sendListAttachments(ctx, filters, number)
	})
	return page.rows, page.next, err
}
