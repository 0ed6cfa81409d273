package role

import (
	"context"
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var (
	_ resource.ResourceWithConfigure   = (*serviceLinkedRoleResource)(nil)
	_ resource.ResourceWithIdentity    = (*serviceLinkedRoleResource)(nil)
	_ resource.ResourceWithImportState = (*serviceLinkedRoleResource)(nil)
)

type serviceLinkedRoleResource struct{ base.Resource }

// NewServiceLinkedRoleResource gives the resource ram_service_linked_role.
func NewServiceLinkedRoleResource() resource.Resource { return &serviceLinkedRoleResource{} }

type serviceLinkedRoleModel struct {
	ServiceName  types.String `tfsdk:"service_name"`
	CustomSuffix types.String `tfsdk:"custom_suffix"`
	Description  types.String `tfsdk:"description"`
	Name         types.String `tfsdk:"name"`
	RoleID       types.String `tfsdk:"role_id"`
	ARN          types.String `tfsdk:"arn"`
	CreateDate   types.String `tfsdk:"create_date"`
}

func (r *serviceLinkedRoleResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "ram_service_linked_role"
}

func (r *serviceLinkedRoleResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	keep := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A service-linked role: the role that one Alibaba Cloud service takes on in the account, with a trust policy and permissions that the service has set. " +
			"Most services make theirs when they are first used; with this resource it is there before. Nothing of it can be changed, and other roles are left " +
			"alone." +
			base.Traps(
				"Destroying it asks the service to give it up, waits up to 10 minutes for that, and fails while resources of the service need it; the error names them.",
				"A role that the service has made already is refused, with the ID to import it by.",
			),
		Attributes: map[string]schema.Attribute{
			"service_name": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "Name of the service, such as `polardb.aliyuncs.com`, from Alibaba Cloud's list of services that support service-linked roles. " +
					"Changing it replaces the role.",
				Validators: []validator.String{stringvalidator.RegexMatches(
					regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)+$`), "must be the domain name of a service, such as polardb.aliyuncs.com",
				)},
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"custom_suffix": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "What follows the role's name, after a `_`: letters, digits, `.` and `-`, up to 64 characters with the name. " +
					"A few services have several roles, which it tells apart; the others refuse it. None when left out. Changing it replaces the role.",
				Validators: []validator.String{
					stringvalidator.LengthBetween(1, 64),
					stringvalidator.RegexMatches(regexp.MustCompile(`^[A-Za-z0-9.-]*$`), `must have only letters, digits, "." and "-"`),
				},
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"description": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "What the role is for, 1 to 1,024 characters. Only services that take a `custom_suffix` take it. " +
					"The service decides when it is left out; removing the argument changes nothing. Changing it replaces the role.",
				Validators:    []validator.String{stringvalidator.UTF8LengthBetween(1, 1024)},
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown(), stringplanmodifier.RequiresReplaceIfConfigured()},
			},
			"name": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Name of the role, `AliyunServiceRoleFor…`, as the service gives it.",
				PlanModifiers:       keep,
			},
			"role_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "ID of the role.",
				PlanModifiers:       keep,
			},
			"arn": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "ARN of the role as the service gives it, usually with the name in lower case; compare role ARNs without regard to case.",
				PlanModifiers:       keep,
			},
			"create_date": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "When the role was created, in UTC, such as `2026-11-22T08:00:00Z`.",
				PlanModifiers:       keep,
			},
		},
	}
}

func (r *serviceLinkedRoleResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"name": identityschema.StringAttribute{RequiredForImport: true, Description: "Name of the role, AliyunServiceRoleFor…"},
	}}
}

func (r *serviceLinkedRoleResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan serviceLinkedRoleModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	asked := ramapi.ServiceLinkedRole{
		ServiceName: plan.ServiceName.ValueString(), CustomSuffix: plan.CustomSuffix.ValueString(), Description: plan.Description.ValueString(),
	}
	created, err := r.Client.CreateServiceLinkedRole(ctx, asked)
	if err != nil {
		base.AddExistsErrorf(&resp.Diagnostics, err, "ram_service_linked_role", r.nameOfExisting(ctx, err, asked),
			"Unable to create the service-linked role of %s", plan.ServiceName)
		return
	}
	plan.setComputed(created)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("name"), plan.Name)...)
}

func (r *serviceLinkedRoleResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state serviceLinkedRoleModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	before := state
	if resp.Diagnostics.HasError() {
		return
	}
	r.Client.NoteRefresh()
	// The framework wants an identity even when the resource leaves the state.
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("name"), state.Name)...)
	r.Client.Recall(ramapi.KindRole, state.Name.ValueString(), state.CreateDate.ValueString())
	found, err := r.Client.Role(ctx, state.Name.ValueString())
	if ramapi.IsNotFound(err) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read the service-linked role %s", state.Name)
		return
	}
	state.fromAPI(found)
	if state == before {
		return // what is in the response already
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("name"), state.Name)...)
}

// Update is for a description that is taken out of the configuration; all else
// replaces the resource.
func (r *serviceLinkedRoleResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan serviceLinkedRoleModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("name"), plan.Name)...)
}

func (r *serviceLinkedRoleResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state serviceLinkedRoleModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	err := r.Client.DeleteServiceLinkedRole(ctx, state.Name.ValueString())
	if err != nil && !ramapi.IsNotFound(err) {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to delete the service-linked role %s", state.Name)
	}
}

func (r *serviceLinkedRoleResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	base.ImportByName(ctx, path.Root("name"), base.RoleName, req, resp)
	if resp.Diagnostics.HasError() {
		return
	}
	var name types.String
	resp.Diagnostics.Append(resp.State.GetAttribute(ctx, path.Root("name"), &name)...)
	if !resp.Diagnostics.HasError() && !ramapi.IsServiceLinkedRole(name.ValueString()) {
		resp.Diagnostics.AddError("Invalid import ID",
			fmt.Sprintf("%s is not the name of a service-linked role, which begins with AliyunServiceRoleFor. Import any other role as ram_role.", name))
	}
}

// nameOfExisting gives the name of the role that is there already, for the
// command that imports it. The configuration does not say it.
func (r *serviceLinkedRoleResource) nameOfExisting(ctx context.Context, err error, asked ramapi.ServiceLinkedRole) string {
	if ramapi.IsAlreadyExists(err) || ramapi.IsLost(err) {
		if found, err := r.Client.FindServiceLinkedRole(ctx, asked); err == nil {
			return found.Name
		}
	}
	return "AliyunServiceRoleFor…"
}

func (m *serviceLinkedRoleModel) setComputed(r ramapi.Role) {
	m.Name = types.StringValue(r.Name)
	m.RoleID = types.StringValue(r.ID)
	m.ARN = types.StringValue(r.ARN)
	m.CreateDate = types.StringValue(r.CreateDate)
	if m.Description.IsUnknown() || m.Description.IsNull() {
		m.Description = types.StringValue(r.Description)
	}
}

// fromAPI takes over what the role says of itself. Its name and its trust policy
// tell the suffix and the service, which nothing can change.
func (m *serviceLinkedRoleModel) fromAPI(r ramapi.Role) {
	m.setComputed(r)
	linked := r.ServiceLinked()
	m.Description = types.StringValue(r.Description)
	if m.ServiceName.IsNull() {
		m.ServiceName = types.StringValue(linked.ServiceName)
		m.CustomSuffix = base.Text(linked.CustomSuffix, m.CustomSuffix)
	}
}
