package policy

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/boolvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var (
	_ datasource.DataSourceWithConfigure        = (*attachmentsDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*attachmentsDataSource)(nil)
)

type attachmentsDataSource struct{ base.DataSource }

// NewAttachmentsDataSource gives the data source ram_policy_attachments.
func NewAttachmentsDataSource() datasource.DataSource { return &attachmentsDataSource{} }

type attachmentsModel struct {
	PolicyName    types.String      `tfsdk:"policy_name"`
	PolicyType    types.String      `tfsdk:"policy_type"`
	UserName      types.String      `tfsdk:"user_name"`
	GroupName     types.String      `tfsdk:"group_name"`
	RoleName      types.String      `tfsdk:"role_name"`
	IncludeGroups types.Bool        `tfsdk:"include_groups"`
	Attachments   []attachmentEntry `tfsdk:"attachments"`
}

type attachmentEntry struct {
	PolicyName    types.String `tfsdk:"policy_name"`
	PolicyType    types.String `tfsdk:"policy_type"`
	PrincipalType types.String `tfsdk:"principal_type"`
	PrincipalName types.String `tfsdk:"principal_name"`
	ViaGroup      types.String `tfsdk:"via_group"`
	AttachDate    types.String `tfsdk:"attach_date"`
}

func (d *attachmentsDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "ram_policy_attachments"
}

func (d *attachmentsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Who has a policy, or which policies a user, group or role has, whoever attached them. " +
			"These are attachments for the whole account, not those within resource groups.",
		Attributes: map[string]schema.Attribute{
			"policy_name": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Name of the policy whose users, groups and roles are asked for, in any case. " +
					"Exactly one of `policy_name`, `user_name`, `group_name` and `role_name` is given; it is an error if what it names does not exist.",
				Validators: []validator.String{base.PolicyName, stringvalidator.AlsoRequires(path.MatchRoot("policy_type"))},
			},
			"policy_type": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "`System` or `Custom`, with `policy_name`.",
				Validators: []validator.String{
					stringvalidator.OneOf(ramapi.PolicyTypeSystem, ramapi.PolicyTypeCustom), stringvalidator.AlsoRequires(path.MatchRoot("policy_name")),
				},
			},
			"user_name": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Name of the user whose policies are asked for.",
				Validators:          []validator.String{base.UserName},
			},
			"group_name": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Name of the group whose policies are asked for.",
				Validators:          []validator.String{base.GroupName},
			},
			"role_name": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Name of the role whose policies are asked for.",
				Validators:          []validator.String{base.RoleName},
			},
			"include_groups": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "With `user_name`: whether to give what the user has through groups, too. It costs one call for each of the user's groups. Left out: `false`.",
				Validators:          []validator.Bool{boolvalidator.AlsoRequires(path.MatchRoot("user_name"))},
			},
			"attachments": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The attachments, sorted by policy, type, principal and group; empty where there are none.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"policy_name": schema.StringAttribute{
						Computed:            true,
						MarkdownDescription: "Name of the policy. It is spelled as RAM has it, or as asked for.",
					},
					"policy_type": schema.StringAttribute{
						Computed:            true,
						MarkdownDescription: "`System` or `Custom`.",
					},
					"principal_type": schema.StringAttribute{
						Computed:            true,
						MarkdownDescription: "`User`, `Group` or `Role`: what has the policy.",
					},
					"principal_name": schema.StringAttribute{
						Computed:            true,
						MarkdownDescription: "Name of the user, group or role that has the policy.",
					},
					"via_group": schema.StringAttribute{
						Computed:            true,
						MarkdownDescription: "Name of the group that the policy is attached to and the user belongs to; null where it is attached to the principal itself.",
					},
					"attach_date": schema.StringAttribute{
						Computed:            true,
						MarkdownDescription: "When the policy was attached, such as `2026-01-02T03:04:05Z`.",
					},
				}},
			},
		},
	}
}

func (d *attachmentsDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{datasourcevalidator.ExactlyOneOf(
		path.MatchRoot("policy_name"), path.MatchRoot("user_name"), path.MatchRoot("group_name"), path.MatchRoot("role_name"),
	)}
}

func (d *attachmentsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m attachmentsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	var err error
	what := fmt.Sprintf("who has RAM policy %s", m.PolicyName)
	if !m.PolicyName.IsNull() {
		m.Attachments, err = d.ofPolicy(ctx, m.PolicyName.ValueString(), m.PolicyType.ValueString())
	} else {
		owner, name := ownerOf(&m.UserName, &m.GroupName, &m.RoleName)
		of := ramapi.Principal{Kind: owner.Kind, Name: name.ValueString()}
		what = "which policies " + describe(of) + " has"
		m.Attachments, err = d.ofPrincipal(ctx, of, m.IncludeGroups.ValueBool())
	}
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read %s", what)
		return
	}
	slices.SortFunc(m.Attachments, attachmentEntry.compare)
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

func (d *attachmentsDataSource) ofPolicy(ctx context.Context, name, policyType string) ([]attachmentEntry, error) {
	holders, err := d.Client.AttachedPrincipals(ctx, name, policyType)
	entries := make([]attachmentEntry, 0, len(holders))
	for _, h := range holders {
		entries = append(entries, newAttachmentEntry(ramapi.AttachedPolicy{Name: name, Type: policyType, AttachDate: h.AttachDate}, h.Principal))
	}
	return entries, err
}

func (d *attachmentsDataSource) ofPrincipal(ctx context.Context, of ramapi.Principal, includeGroups bool) ([]attachmentEntry, error) {
	policies, err := d.Client.PoliciesOf(ctx, of)
	if err != nil {
		return nil, err
	}
	entries := make([]attachmentEntry, 0, len(policies))
	for _, p := range policies {
		entries = append(entries, newAttachmentEntry(p, of))
	}
	if !includeGroups {
		return entries, nil
	}
	groups, err := d.Client.GroupsForUser(ctx, of.Name)
	if err != nil {
		return nil, err
	}
	for _, group := range groups {
		policies, err := d.Client.PoliciesOf(ctx, ramapi.Principal{Kind: ramapi.KindGroup, Name: group})
		if err != nil && !ramapi.IsNotFound(err) { // it may have been deleted just now
			return nil, err
		}
		for _, p := range policies {
			entry := newAttachmentEntry(p, of)
			entry.ViaGroup = types.StringValue(group)
			entries = append(entries, entry)
		}
	}
	return entries, nil
}

func newAttachmentEntry(p ramapi.AttachedPolicy, of ramapi.Principal) attachmentEntry {
	return attachmentEntry{
		PolicyName: types.StringValue(p.Name), PolicyType: types.StringValue(p.Type),
		PrincipalType: types.StringValue(string(of.Kind)), PrincipalName: types.StringValue(of.Name),
		AttachDate: types.StringValue(p.AttachDate),
	}
}

func (e attachmentEntry) compare(other attachmentEntry) int {
	return cmp.Or(
		cmp.Compare(e.PolicyName.ValueString(), other.PolicyName.ValueString()),
		cmp.Compare(e.PolicyType.ValueString(), other.PolicyType.ValueString()),
		cmp.Compare(e.PrincipalType.ValueString(), other.PrincipalType.ValueString()),
		cmp.Compare(e.PrincipalName.ValueString(), other.PrincipalName.ValueString()),
		cmp.Compare(e.ViaGroup.ValueString(), other.ViaGroup.ValueString()),
	)
}
