package policy

import (
	"context"
	"iter"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var _ list.ListResourceWithConfigure = (*attachmentResource)(nil)

// NewAttachmentListResource gives the list resource ram_policy_attachment.
func NewAttachmentListResource() list.ListResource { return &attachmentResource{} }

// attachmentListModel has the names of an attachment; null ones may be anything.
type attachmentListModel struct {
	PolicyName      types.String `tfsdk:"policy_name"`
	PolicyType      types.String `tfsdk:"policy_type"`
	UserName        types.String `tfsdk:"user_name"`
	GroupName       types.String `tfsdk:"group_name"`
	RoleName        types.String `tfsdk:"role_name"`
	ResourceGroupID types.String `tfsdk:"resource_group_id"`
}

func (r *attachmentResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The policies that are attached to users, groups and roles, for the whole account and within resource groups, or those attachments that fit everything that is given. " +
			"Not those of service-linked roles, which belong to their services.\n\n" +
			"It takes one call for each policy that is attached to anything, or one where a user, a group, a role or a policy is given, and one for a hundred attachments within resource groups.",
		Attributes: map[string]schema.Attribute{
			"policy_name": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Name of a policy: only its attachments. Any policy when it is left out.",
				Validators:          []validator.String{base.PolicyName},
			},
			"policy_type": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "`System` for policies that Alibaba Cloud maintains, `Custom` for those of the account. Both when it is left out.",
				Validators:          []validator.String{base.PolicyType()},
			},
			"user_name": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Name of a user: only what is attached to this user. At most one of `user_name`, `group_name` and `role_name` is given.",
				Validators:          []validator.String{base.UserName, stringvalidator.ConflictsWith(path.MatchRoot("group_name"), path.MatchRoot("role_name"))},
			},
			"group_name": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Name of a group: only what is attached to this group.",
				Validators:          []validator.String{base.GroupName, stringvalidator.ConflictsWith(path.MatchRoot("user_name"), path.MatchRoot("role_name"))},
			},
			"role_name": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Name of a role: only what is attached to this role.",
				Validators:          []validator.String{base.RoleName, stringvalidator.ConflictsWith(path.MatchRoot("user_name"), path.MatchRoot("group_name"))},
			},
			"resource_group_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "ID of a resource group: only attachments that are limited to it. When it is left out, those for the whole account and those within any resource group.",
				Validators:          []validator.String{resourceGroupID()},
			},
		},
	}
}

func (r *attachmentResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config attachmentListModel
	if base.ListConfig(ctx, req, stream, &config) {
		base.List(ctx, req, stream, r, "the policy attachments", r.find(ctx, config.like()))
	}
}

// find yields the attachments that are like the given one.
func (r *attachmentResource) find(ctx context.Context, like ramapi.Attachment) iter.Seq2[base.Found, error] {
	return func(yield func(base.Found, error) bool) {
		fits := func(a ramapi.Attachment) bool { return isLike(a, like) }
		if like.ResourceGroupID == "" {
			for found, err := range base.Finding(r.forAccount(ctx, like), fits, foundAttachment) {
				if !yield(found, err) || err != nil {
					return
				}
			}
		}
		for found, err := range base.Finding(r.Client.InResourceGroups(ctx, like), fits, foundAttachment) {
			if ramapi.IsNotFound(err) {
				return // what is asked for is not there, so neither is anything of it
			}
			if ramapi.IsRefused(err) && like.ResourceGroupID == "" {
				found, err = base.Found{Warning: diag.NewWarningDiagnostic("Attachments within resource groups are not listed",
					"The caller may not call ListPolicyAttachments of Resource Manager, which tells them. Those for the whole account are complete.")}, nil
			}
			if !yield(found, err) || err != nil {
				return
			}
		}
	}
}

// forAccount yields attachments for the whole account by the fewest calls, all
// that are like the given one among them.
func (r *attachmentResource) forAccount(ctx context.Context, like ramapi.Attachment) iter.Seq2[ramapi.Attachment, error] {
	return func(yield func(ramapi.Attachment, error) bool) {
		switch {
		case like.To.Kind != "":
			policies, err := r.Client.PoliciesOf(ctx, like.To)
			if err != nil && !ramapi.IsNotFound(err) {
				yield(ramapi.Attachment{}, err)
				return
			}
			for _, p := range policies {
				if !yield(ramapi.Attachment{PolicyName: p.Name, PolicyType: p.Type, To: like.To}, nil) {
					return
				}
			}
		case like.PolicyName != "":
			for _, policyType := range []string{ramapi.PolicyTypeCustom, ramapi.PolicyTypeSystem} {
				if like.PolicyType != "" && like.PolicyType != policyType {
					continue
				}
				p, err := r.Client.Policy(ctx, like.PolicyName, policyType) // for its spelling
				if ramapi.IsNotFound(err) {
					continue
				}
				if err != nil {
					yield(ramapi.Attachment{}, err)
					return
				}
				for a, err := range r.Client.AttachmentsOf(ctx, p.Name, policyType) {
					if !yield(a, err) || err != nil {
						return
					}
				}
			}
		default:
			r.Client.Attachments(ctx, like.PolicyType)(yield)
		}
	}
}

// isLike reports whether the attachment is what is asked for, and anybody's to manage.
func isLike(a, like ramapi.Attachment) bool {
	return !(a.To.Kind == ramapi.KindRole && ramapi.IsServiceLinkedRole(a.To.Name)) &&
		(like.PolicyType == "" || a.PolicyType == like.PolicyType) &&
		(like.PolicyName == "" || strings.EqualFold(a.PolicyName, like.PolicyName)) &&
		(like.To.Kind == "" || a.To.Kind == like.To.Kind && strings.EqualFold(a.To.Name, like.To.Name))
}

func foundAttachment(a ramapi.Attachment) base.Found {
	kind := strings.ToLower(string(a.To.Kind))
	found := base.Found{
		DisplayName: strings.Join([]string{a.PolicyType, a.PolicyName, kind, a.To.Name}, "/"),
		Identity:    base.Identity{"policy_name": a.PolicyName, "policy_type": a.PolicyType, kind + "_name": a.To.Name},
	}
	if a.ResourceGroupID != "" {
		found.DisplayName += "/" + a.ResourceGroupID
		found.Identity["resource_group_id"] = a.ResourceGroupID
	}
	return found
}

func (m *attachmentListModel) like() ramapi.Attachment {
	like := ramapi.Attachment{
		PolicyName: m.PolicyName.ValueString(), PolicyType: m.PolicyType.ValueString(), ResourceGroupID: m.ResourceGroupID.ValueString(),
	}
	owner, name := ownerOf(&m.UserName, &m.GroupName, &m.RoleName)
	if !name.IsNull() {
		like.To = ramapi.Principal{Kind: owner.Kind, Name: name.ValueString()}
	}
	return like
}
