// Package provider is the provider block, and the list of everything on offer.
package provider

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/ram-provider/terraform-provider-ram/internal/account"
	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/federation"
	"github.com/ram-provider/terraform-provider-ram/internal/functions"
	"github.com/ram-provider/terraform-provider-ram/internal/group"
	"github.com/ram-provider/terraform-provider-ram/internal/policy"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/role"
	"github.com/ram-provider/terraform-provider-ram/internal/user"
)

var (
	_ provider.Provider                       = (*ramProvider)(nil)
	_ provider.ProviderWithActions            = (*ramProvider)(nil)
	_ provider.ProviderWithEphemeralResources = (*ramProvider)(nil)
	_ provider.ProviderWithFunctions          = (*ramProvider)(nil)
	_ provider.ProviderWithListResources      = (*ramProvider)(nil)
)

type ramProvider struct {
	version string
	getenv  func(string) string
}

// New gives the provider of that version, which reads the process's environment.
func New(version string) provider.Provider { return NewWithEnv(version, os.Getenv) }

// NewWithEnv gives the provider with an environment of its own, so that tests
// in one process can have different ones.
func NewWithEnv(version string, getenv func(string) string) provider.Provider {
	return &ramProvider{version: version, getenv: getenv}
}

func (p *ramProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "ram"
	resp.Version = p.version
}

func (p *ramProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var model providerModel
	resp.Diagnostics.Append(refuseUnknown(req.Config.Raw)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	config := model.clientConfig(ctx, environment(p.getenv), &resp.Diagnostics)
	tags := model.tagSettings(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	config.UserAgent = "terraform-provider-ram/" + p.version
	client, err := ramapi.New(config)
	if err != nil {
		resp.Diagnostics.AddError("Unable to set up the RAM client", err.Error())
		return
	}
	configured := &base.Provider{
		Client:            client,
		Tags:              tags,
		Advice:            base.Advice(model.Advisories.ValueString()),
		AllowLockout:      model.AllowLockout.ValueBool(),
		ManageProvisioned: model.ManageProvisioned.ValueBool(),
	}
	allowed := model.allowedAccountIDs(ctx, environment(p.getenv), &resp.Diagnostics)
	if config.Credentials.AssumeRole != nil || config.Credentials.AssumeRoleWithOIDC != nil || len(allowed) > 0 || configured.Advice == base.AdviceError {
		resp.Diagnostics.Append(checkCaller(ctx, configured, config.Credentials, allowed)...)
	}
	resp.ResourceData = configured
	resp.DataSourceData = configured
	resp.EphemeralResourceData = configured
	resp.ListResourceData = configured
	resp.ActionData = configured
}

// checkCaller asks who the caller is, and stops where the account is not one of
// the allowed ones; none given allows every account.
func checkCaller(ctx context.Context, configured *base.Provider, credentials ramapi.Credentials, allowed []string) diag.Diagnostics {
	var diags diag.Diagnostics
	caller, err := configured.Client.CallerIdentity(ctx)
	switch {
	case ramapi.IsAssumption(err) && credentials.AssumeRoleWithOIDC != nil:
		base.AddAttributeErrorf(&diags, path.Root("assume_role_with_oidc").AtName("role_arn"), err, "Unable to assume RAM role %q", credentials.AssumeRoleWithOIDC.RoleARN)
		return diags
	case ramapi.IsAssumption(err) && credentials.AssumeRole != nil:
		base.AddAttributeErrorf(&diags, path.Root("assume_role").AtName("role_arn"), err, "Unable to assume RAM role %q", credentials.AssumeRole.RoleARN)
		return diags
	case err != nil:
		base.AddErrorf(&diags, err, "Unable to learn whose credentials the provider has")
		return diags
	}
	configured.AdviseIfRoot(&diags)
	if len(allowed) > 0 && !slices.Contains(allowed, caller.AccountID) {
		diags.AddAttributeError(path.Root("allowed_account_ids"), "Wrong Alibaba Cloud account",
			fmt.Sprintf("The credentials belong to account %s (%s); allowed_account_ids has %s. Nothing was read or changed. Use credentials of an account that is allowed, or allow this one.",
				caller.AccountID, caller.ARN, strings.Join(allowed, ", ")))
	}
	return diags
}

func (p *ramProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		account.NewAccountAliasResource,
		account.NewDefaultDomainResource,
		federation.NewOIDCProviderResource,
		federation.NewSAMLProviderResource,
		federation.NewUserSSOSettingsResource,
		account.NewPasswordPolicyResource,
		account.NewSecurityPreferenceResource,
		group.NewMembershipResource,
		group.NewMembershipsExclusiveResource,
		group.NewResource,
		policy.NewAttachmentResource,
		policy.NewAttachmentsExclusiveResource,
		policy.NewResource,
		user.NewAccessKeyPolicyResource,
		user.NewAccessKeyResource,
		user.NewLoginProfileResource,
		role.NewResource,
		role.NewServiceLinkedRoleResource,
		user.NewResource,
		user.NewVirtualMFADeviceResource,
	}
}

func (p *ramProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		account.NewCallerIdentityDataSource,
		account.NewCredentialReportDataSource,
		account.NewDataSource,
		group.NewDataSource,
		group.NewListDataSource,
		policy.NewAttachmentsDataSource,
		policy.NewDataSource,
		policy.NewDocumentDataSource,
		policy.NewListDataSource,
		role.NewDataSource,
		role.NewListDataSource,
		user.NewDataSource,
		user.NewListDataSource,
		federation.NewOIDCFingerprintDataSource,
		federation.NewOIDCProvidersDataSource,
		federation.NewSAMLProvidersDataSource,
		user.NewAccessKeysDataSource,
		account.NewPasswordPolicyDataSource,
		account.NewSecurityPreferenceDataSource,
	}
}

func (p *ramProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{
		role.NewAssumeRoleEphemeral,
		role.NewAssumeRoleWithOIDCEphemeral,
		user.NewPasswordEphemeral,
	}
}

func (p *ramProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{
		account.NewAccountAliasListResource,
		account.NewDefaultDomainListResource,
		federation.NewOIDCProviderListResource,
		federation.NewSAMLProviderListResource,
		federation.NewUserSSOSettingsListResource,
		account.NewPasswordPolicyListResource,
		account.NewSecurityPreferenceListResource,
		group.NewMembershipListResource,
		group.NewListResource,
		policy.NewAttachmentListResource,
		policy.NewListResource,
		user.NewAccessKeyPolicyListResource,
		user.NewAccessKeyListResource,
		user.NewLoginProfileListResource,
		role.NewListResource,
		role.NewServiceLinkedRoleListResource,
		user.NewListResource,
		user.NewVirtualMFADeviceListResource,
	}
}

func (p *ramProvider) Actions(context.Context) []func() action.Action {
	return []func() action.Action{
		user.NewFreezeAction,
		user.NewUnfreezeAction,
	}
}

func (p *ramProvider) Functions(context.Context) []func() function.Function {
	return functions.All()
}
