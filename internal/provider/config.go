package provider

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/objectvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

type providerModel struct {
	AccessKeyID           types.String         `tfsdk:"access_key_id"`
	AccessKeySecret       types.String         `tfsdk:"access_key_secret"`
	SecurityToken         types.String         `tfsdk:"security_token"`
	Profile               types.String         `tfsdk:"profile"`
	SharedCredentialsFile types.String         `tfsdk:"shared_credentials_file"`
	ECSRoleName           types.String         `tfsdk:"ecs_role_name"`
	CredentialsURI        types.String         `tfsdk:"credentials_uri"`
	AllowedAccountIDs     types.Set            `tfsdk:"allowed_account_ids"`
	MaxRetries            types.Int64          `tfsdk:"max_retries"`
	MaxConcurrency        types.Int64          `tfsdk:"max_concurrency"`
	RequestTimeout        types.Int64          `tfsdk:"request_timeout"`
	Advisories            types.String         `tfsdk:"advisories"`
	AllowLockout          types.Bool           `tfsdk:"allow_lockout"`
	ManageProvisioned     types.Bool           `tfsdk:"manage_provisioned"`
	AssumeRole            *assumeRoleModel     `tfsdk:"assume_role"`
	AssumeRoleWithOIDC    *assumeRoleOIDCModel `tfsdk:"assume_role_with_oidc"`
	Endpoints             *endpointsModel      `tfsdk:"endpoints"`
	DefaultTags           *defaultTagsModel    `tfsdk:"default_tags"`
	IgnoreTags            *ignoreTagsModel     `tfsdk:"ignore_tags"`
}

type defaultTagsModel struct {
	Tags map[string]string `tfsdk:"tags"`
}

type ignoreTagsModel struct {
	Keys        []string `tfsdk:"keys"`
	KeyPrefixes []string `tfsdk:"key_prefixes"`
}

type assumeRoleModel struct {
	RoleARN         types.String `tfsdk:"role_arn"`
	SessionName     types.String `tfsdk:"session_name"`
	DurationSeconds types.Int64  `tfsdk:"duration_seconds"`
	Policy          types.String `tfsdk:"policy"`
	ExternalID      types.String `tfsdk:"external_id"`
}

type assumeRoleOIDCModel struct {
	RoleARN         types.String `tfsdk:"role_arn"`
	OIDCProviderARN types.String `tfsdk:"oidc_provider_arn"`
	OIDCToken       types.String `tfsdk:"oidc_token"`
	OIDCTokenFile   types.String `tfsdk:"oidc_token_file"`
	SessionName     types.String `tfsdk:"session_name"`
	DurationSeconds types.Int64  `tfsdk:"duration_seconds"`
	Policy          types.String `tfsdk:"policy"`
}

type endpointsModel struct {
	RAM             types.String `tfsdk:"ram"`
	IMS             types.String `tfsdk:"ims"`
	STS             types.String `tfsdk:"sts"`
	ResourceManager types.String `tfsdk:"resourcemanager"`
}

// Environment variables, those of Alibaba Cloud's own tools first, then those
// of the official provider.
var (
	accessKeyIDEnv       = []string{"ALIBABA_CLOUD_ACCESS_KEY_ID", "ALICLOUD_ACCESS_KEY"}
	accessKeySecretEnv   = []string{"ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALICLOUD_SECRET_KEY"}
	securityTokenEnv     = []string{"ALIBABA_CLOUD_SECURITY_TOKEN", "ALICLOUD_SECURITY_TOKEN"}
	profileEnv           = []string{"ALIBABA_CLOUD_PROFILE", "ALICLOUD_PROFILE"}
	credentialsFileEnv   = []string{"ALIBABA_CLOUD_CONFIG_FILE", "ALICLOUD_SHARED_CREDENTIALS_FILE"}
	ecsRoleNameEnv       = []string{"ALIBABA_CLOUD_ECS_METADATA", "ALICLOUD_ECS_ROLE_NAME"}
	credentialsURIEnv    = []string{"ALIBABA_CLOUD_CREDENTIALS_URI", "ALICLOUD_CREDENTIALS_URI"}
	allowedAccountIDsEnv = []string{"ALIBABA_CLOUD_ALLOWED_ACCOUNT_IDS", "ALICLOUD_ALLOWED_ACCOUNT_IDS"}
	maxRetriesEnv        = []string{"ALIBABA_CLOUD_MAX_RETRIES", "ALICLOUD_MAX_RETRIES"}
	maxConcurrencyEnv    = []string{"ALIBABA_CLOUD_MAX_CONCURRENCY", "ALICLOUD_MAX_CONCURRENCY"}
	requestTimeoutEnv    = []string{"ALIBABA_CLOUD_REQUEST_TIMEOUT", "ALICLOUD_REQUEST_TIMEOUT"}
	roleARNEnv           = []string{"ALIBABA_CLOUD_ROLE_ARN", "ALICLOUD_ASSUME_ROLE_ARN"}
	sessionNameEnv       = []string{"ALIBABA_CLOUD_ROLE_SESSION_NAME", "ALICLOUD_ASSUME_ROLE_SESSION_NAME"}
	sessionDurationEnv   = []string{"ALIBABA_CLOUD_ROLE_SESSION_EXPIRATION", "ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION"}
	rolePolicyEnv        = []string{"ALIBABA_CLOUD_ROLE_POLICY", "ALICLOUD_ASSUME_ROLE_POLICY"}
	externalIDEnv        = []string{"ALIBABA_CLOUD_ROLE_EXTERNAL_ID", "ALICLOUD_ASSUME_ROLE_EXTERNAL_ID"}
	oidcProviderARNEnv   = []string{"ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "ALICLOUD_OIDC_PROVIDER_ARN"}
	oidcTokenFileEnv     = []string{"ALIBABA_CLOUD_OIDC_TOKEN_FILE", "ALICLOUD_OIDC_TOKEN_FILE"}
	ramEndpointEnv       = []string{"ALIBABA_CLOUD_ENDPOINT_RAM", "ALICLOUD_RAM_ENDPOINT"}
	imsEndpointEnv       = []string{"ALIBABA_CLOUD_ENDPOINT_IMS", "ALICLOUD_IMS_ENDPOINT"}
	stsEndpointEnv       = []string{"ALIBABA_CLOUD_ENDPOINT_STS", "ALICLOUD_STS_ENDPOINT"}
	rmEndpointEnv        = []string{"ALIBABA_CLOUD_ENDPOINT_RESOURCEMANAGER", "ALICLOUD_RESOURCEMANAGER_ENDPOINT"}
)

func (p *ramProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Manages identity on Alibaba Cloud: Resource Access Management (RAM).",
		Attributes: map[string]schema.Attribute{
			"access_key_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "ID of an access key. " + fromEnv(accessKeyIDEnv) + " Without it the other sources of credentials are asked.",
			},
			"access_key_secret": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "Secret of the access key. " + fromEnv(accessKeySecretEnv),
			},
			"security_token": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "STS token, where the access key is a temporary one. " + fromEnv(securityTokenEnv),
			},
			"profile": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Name of a profile in the configuration of the `aliyun` CLI. " + fromEnv(profileEnv) + " Without it the CLI's current profile counts.",
			},
			"shared_credentials_file": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Path of the configuration of the `aliyun` CLI. " + fromEnv(credentialsFileEnv) + " `~/.aliyun/config.json` when left out.",
			},
			"ecs_role_name": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Name of the RAM role of the ECS instance that Terraform runs on. " + fromEnv(ecsRoleNameEnv),
			},
			"credentials_uri": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Address of a service that gives temporary credentials. " + fromEnv(credentialsURIEnv),
			},
			"allowed_account_ids": schema.SetAttribute{
				ElementType: types.StringType, Optional: true,
				MarkdownDescription: "IDs of the accounts that this configuration may touch. With any other account everything stops before the first change. " + fromEnv(allowedAccountIDsEnv) + " There they are separated by commas. Left out, every account is allowed and no call is made to learn which it is.",
				Validators:          []validator.Set{setvalidator.SizeAtLeast(1)},
			},
			"max_retries": schema.Int64Attribute{
				Optional:            true,
				MarkdownDescription: "How often a call is repeated, 0 to 50, when the service does not answer and repeating is safe. A call that is throttled is repeated for up to (`max_retries` + 1) × `request_timeout`. 8 when left out. " + fromEnv(maxRetriesEnv),
				Validators:          []validator.Int64{int64validator.Between(0, 50)},
			},
			"max_concurrency": schema.Int64Attribute{
				Optional:            true,
				MarkdownDescription: "How many calls are under way at once, 1 to 100; fewer while the service throttles. 10 when left out. " + fromEnv(maxConcurrencyEnv),
				Validators:          []validator.Int64{int64validator.Between(1, 100)},
			},
			"request_timeout": schema.Int64Attribute{
				Optional:            true,
				MarkdownDescription: "Seconds that one attempt of a call may take, 1 to 600. 30 when left out. " + fromEnv(requestTimeoutEnv),
				Validators:          []validator.Int64{int64validator.Between(1, 600)},
			},
			"advisories": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "What becomes of advice about what works but is unwise, such as a secret in the state, wider trust, or an administrator with an access key: " +
					"`warn`, `error` to refuse it, already while planning where that is known, or `off`. `warn` when left out.",
				Validators: []validator.String{base.AdviceRule()},
			},
			"allow_lockout": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether a run may delete the key, user or role that it is itself authenticated with, or the last identity that has `AdministratorAccess`. " +
					"`false` when left out: either is refused.",
			},
			"manage_provisioned": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether users that SCIM or CloudSSO provisioned may be changed and deleted here. " +
					"`false` when left out: the next synchronisation would undo it, so it is refused.",
			},
		},
		Blocks: map[string]schema.Block{
			"assume_role": schema.SingleNestedBlock{
				MarkdownDescription: "Takes on a RAM role, with the credentials above, and works as that role.",
				Validators:          []validator.Object{objectvalidator.ConflictsWith(path.MatchRoot("assume_role_with_oidc"))},
				Attributes: map[string]schema.Attribute{
					"role_arn":         roleARNAttribute(),
					"session_name":     sessionNameAttribute(),
					"duration_seconds": durationAttribute(),
					"policy":           sessionPolicyAttribute(),
					"external_id": schema.StringAttribute{
						Optional:            true,
						MarkdownDescription: "External ID that the role's trust policy asks for. " + fromEnv(externalIDEnv),
					},
				},
			},
			"assume_role_with_oidc": schema.SingleNestedBlock{
				MarkdownDescription: "Takes on a RAM role with the token of an OIDC identity provider, such as that of a CI system. No other credentials are needed.",
				Attributes: map[string]schema.Attribute{
					"role_arn": roleARNAttribute(),
					"oidc_provider_arn": schema.StringAttribute{
						Optional:            true,
						MarkdownDescription: "ARN of the OIDC identity provider in RAM. " + fromEnv(oidcProviderARNEnv),
					},
					"oidc_token": schema.StringAttribute{
						Optional: true, Sensitive: true,
						MarkdownDescription: "The OIDC token itself, such as the identity token of a Terraform stack, instead of `oidc_token_file`. The session lasts as long as it is valid. From an ephemeral variable it is kept nowhere; a plan that is saved holds the value of any other.",
						Validators:          []validator.String{stringvalidator.ConflictsWith(path.MatchRelative().AtParent().AtName("oidc_token_file")), stringvalidator.LengthAtLeast(1)},
					},
					"oidc_token_file": schema.StringAttribute{
						Optional:            true,
						MarkdownDescription: "Path of the file with the OIDC token, read anew whenever the session is renewed. " + fromEnv(oidcTokenFileEnv),
					},
					"session_name":     sessionNameAttribute(),
					"duration_seconds": durationAttribute(),
					"policy":           sessionPolicyAttribute(),
				},
			},
			"default_tags": schema.SingleNestedBlock{
				MarkdownDescription: "Tags that every resource of this configuration gets which can have tags. They show in `tags_all`; what a resource has in its own `tags` wins.",
				Attributes: map[string]schema.Attribute{
					"tags": schema.MapAttribute{
						ElementType: types.StringType, Optional: true,
						MarkdownDescription: "The tags, up to 20: keys of 1 to 128 characters, values of up to 256, or 128 where users get them. None when left out.",
						Validators: []validator.Map{
							mapvalidator.SizeAtMost(20),
							mapvalidator.KeysAre(stringvalidator.UTF8LengthBetween(1, 128)),
							mapvalidator.ValueStringsAre(stringvalidator.UTF8LengthAtMost(256)),
							mapvalidator.NoNullValues(),
						},
					},
				},
			},
			"ignore_tags": schema.SingleNestedBlock{
				MarkdownDescription: "Tags that somebody else sets: neither shown in `tags` and `tags_all` of resources, nor changed, nor removed.",
				Attributes: map[string]schema.Attribute{
					"keys": schema.SetAttribute{
						ElementType: types.StringType, Optional: true,
						MarkdownDescription: "Keys of tags to leave alone. None when left out.",
						Validators:          []validator.Set{setvalidator.NoNullValues(), setvalidator.ValueStringsAre(stringvalidator.LengthAtLeast(1))},
					},
					"key_prefixes": schema.SetAttribute{
						ElementType: types.StringType, Optional: true,
						MarkdownDescription: "What the keys of tags to leave alone begin with. None when left out.",
						Validators:          []validator.Set{setvalidator.NoNullValues(), setvalidator.ValueStringsAre(stringvalidator.LengthAtLeast(1))},
					},
				},
			},
			"endpoints": schema.SingleNestedBlock{
				MarkdownDescription: "Addresses of the services: `https://host[:port]`, `host[:port]`, or `http://` for a loopback address only.",
				Attributes: map[string]schema.Attribute{
					"ram":             endpointAttribute("RAM", "ram.aliyuncs.com", ramEndpointEnv),
					"ims":             endpointAttribute("IMS", "ims.aliyuncs.com", imsEndpointEnv),
					"sts":             endpointAttribute("STS", "sts.aliyuncs.com", stsEndpointEnv),
					"resourcemanager": endpointAttribute("Resource Manager", "resourcemanager.aliyuncs.com", rmEndpointEnv),
				},
			},
		},
	}
}

func roleARNAttribute() schema.Attribute {
	return schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: "ARN of the role, `acs:ram::<account>:role/<name>`. " + fromEnv(roleARNEnv),
	}
}

func sessionNameAttribute() schema.Attribute {
	return schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: "Name of the session, shown in the audit trail. `terraform` when left out. " + fromEnv(sessionNameEnv),
	}
}

func durationAttribute() schema.Attribute {
	return schema.Int64Attribute{
		Optional:            true,
		MarkdownDescription: "Seconds that a session lasts before it is renewed, 900 to 43200. The service decides, usually 3600, when left out. " + fromEnv(sessionDurationEnv),
		Validators:          []validator.Int64{int64validator.Between(900, 43200)},
	}
}

func sessionPolicyAttribute() schema.Attribute {
	return schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: "Policy document that narrows what the session may do. " + fromEnv(rolePolicyEnv),
	}
}

func endpointAttribute(service, address string, env []string) schema.Attribute {
	return schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: fmt.Sprintf("Address of %s. `%s` when left out. %s", service, address, fromEnv(env)),
		Validators:          []validator.String{endpointValidator{}},
	}
}

func fromEnv(names []string) string {
	return fmt.Sprintf("Also from `%s`.", strings.Join(names, "` or `"))
}

// endpointValidator accepts what ramapi.ParseEndpoint does.
type endpointValidator struct{}

func (endpointValidator) Description(context.Context) string {
	return "https://host[:port], host[:port], or http:// for a loopback address"
}

func (v endpointValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (endpointValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if _, _, err := ramapi.ParseEndpoint(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid endpoint", fmt.Sprintf("%s cannot be used: %v.", req.Path, err))
	}
}

// refuseUnknown gives an error for every value of the provider block that is
// not known while planning: the provider cannot read anything without it.
func refuseUnknown(config tftypes.Value) diag.Diagnostics {
	var diags diag.Diagnostics
	_ = tftypes.Walk(config, func(at *tftypes.AttributePath, v tftypes.Value) (bool, error) {
		if !v.IsKnown() {
			diags.AddError("The provider block needs known values",
				fmt.Sprintf("%s is known only after the apply, but the provider must read the account while planning. Set it from a variable, or create what it depends on first with -target.", at))
			return false, nil
		}
		return true, nil
	})
	return diags
}

// environment looks values up in the environment.
type environment func(string) string

// first gives the first of the variables that is not empty.
func (env environment) first(names []string) string {
	for _, name := range names {
		if v := env(name); v != "" {
			return v
		}
	}
	return ""
}

// text gives the configured value, or that of the environment.
func (env environment) text(configured types.String, names []string) string {
	if v := configured.ValueString(); v != "" {
		return v
	}
	return env.first(names)
}

// number gives the configured value, or that of the environment within the same
// bounds, or nil.
func (env environment) number(configured types.Int64, names []string, least, most int64, diags *diag.Diagnostics) *int64 {
	if !configured.IsNull() {
		return configured.ValueInt64Pointer()
	}
	text := env.first(names)
	if text == "" {
		return nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < least || n > most {
		diags.AddError("Invalid environment variable", fmt.Sprintf("%s must be a whole number from %d to %d.", strings.Join(names, " or "), least, most))
		return nil
	}
	return &n
}

func (m *providerModel) clientConfig(_ context.Context, env environment, diags *diag.Diagnostics) ramapi.Config {
	config := ramapi.Config{Credentials: m.credentials(env, diags)}
	config.Credentials.AssumeRole = m.assumeRole(env, diags)
	config.Credentials.AssumeRoleWithOIDC = m.assumeRoleWithOIDC(env, diags)
	if n := env.number(m.MaxRetries, maxRetriesEnv, 0, 50, diags); n != nil {
		retries := int(*n)
		config.MaxRetries = &retries
	}
	if n := env.number(m.MaxConcurrency, maxConcurrencyEnv, 1, 100, diags); n != nil {
		config.MaxConcurrency = int(*n)
	}
	if n := env.number(m.RequestTimeout, requestTimeoutEnv, 1, 600, diags); n != nil {
		config.RequestTimeout = time.Duration(*n) * time.Second
	}
	endpoints := endpointsModel{}
	if m.Endpoints != nil {
		endpoints = *m.Endpoints
	}
	config.Endpoints = ramapi.Endpoints{
		RAM:             env.text(endpoints.RAM, ramEndpointEnv),
		IMS:             env.text(endpoints.IMS, imsEndpointEnv),
		STS:             env.text(endpoints.STS, stsEndpointEnv),
		ResourceManager: env.text(endpoints.ResourceManager, rmEndpointEnv),
	}
	return config
}

// credentials gives the sources of credentials that the provider block names,
// or where it names none, those of the environment: a profile in the block is
// not outvoted by a key in the environment. A key is never put together from
// the variables of two tools.
func (m *providerModel) credentials(env environment, diags *diag.Diagnostics) ramapi.Credentials {
	file := env.text(m.SharedCredentialsFile, credentialsFileEnv)
	switch {
	case m.AccessKeyID.ValueString() != "" || m.AccessKeySecret.ValueString() != "" || m.SecurityToken.ValueString() != "":
		return m.keyOfBlock(env, diags)
	case m.CredentialsURI.ValueString() != "":
		return ramapi.Credentials{CredentialsURI: m.CredentialsURI.ValueString()}
	case m.ECSRoleName.ValueString() != "":
		return ramapi.Credentials{ECSRoleName: m.ECSRoleName.ValueString()}
	case m.Profile.ValueString() != "" || m.SharedCredentialsFile.ValueString() != "":
		return ramapi.Credentials{Profile: env.text(m.Profile, profileEnv), SharedCredentialsFile: file}
	}
	for i := range accessKeyIDEnv {
		if id, secret := env(accessKeyIDEnv[i]), env(accessKeySecretEnv[i]); id != "" && secret != "" {
			return ramapi.Credentials{AccessKeyID: id, AccessKeySecret: secret, SecurityToken: env(securityTokenEnv[i])}
		}
	}
	return ramapi.Credentials{
		CredentialsURI:        env.first(credentialsURIEnv),
		ECSRoleName:           env.first(ecsRoleNameEnv),
		Profile:               env.first(profileEnv),
		SharedCredentialsFile: file,
	}
}

// keyOfBlock gives the key that the block names, with what it leaves out from
// the first tool's variables that have it.
func (m *providerModel) keyOfBlock(env environment, diags *diag.Diagnostics) ramapi.Credentials {
	for i := range accessKeyIDEnv {
		if own, other := m.AccessKeyID.ValueString(), env(accessKeyIDEnv[i]); own != "" && other != "" && own != other {
			continue // the secret there belongs to another key
		}
		key := ramapi.Credentials{
			AccessKeyID:     cmp.Or(m.AccessKeyID.ValueString(), env(accessKeyIDEnv[i])),
			AccessKeySecret: cmp.Or(m.AccessKeySecret.ValueString(), env(accessKeySecretEnv[i])),
			SecurityToken:   m.SecurityToken.ValueString(),
		}
		if m.AccessKeySecret.ValueString() == "" {
			key.SecurityToken = cmp.Or(key.SecurityToken, env(securityTokenEnv[i]))
		}
		if key.AccessKeyID != "" && key.AccessKeySecret != "" {
			return key
		}
	}
	requireText(diags, path.Root("access_key_id"), m.AccessKeyID.ValueString(), accessKeyIDEnv)
	requireText(diags, path.Root("access_key_secret"), m.AccessKeySecret.ValueString(), accessKeySecretEnv)
	return ramapi.Credentials{}
}

// assumeRole gives the role to take on, nil for none. Without the block, the
// variables of the official provider count; ALIBABA_CLOUD_ROLE_ARN alone
// belongs to the OIDC token in the default chain.
func (m *providerModel) assumeRole(env environment, diags *diag.Diagnostics) *ramapi.AssumeRole {
	block := m.AssumeRole
	if block == nil {
		if env("ALICLOUD_ASSUME_ROLE_ARN") == "" || m.AssumeRoleWithOIDC != nil {
			return nil
		}
		block = &assumeRoleModel{RoleARN: types.StringValue(env("ALICLOUD_ASSUME_ROLE_ARN"))}
	}
	role := &ramapi.AssumeRole{
		RoleARN:     env.text(block.RoleARN, roleARNEnv),
		SessionName: env.text(block.SessionName, sessionNameEnv),
		Policy:      env.text(block.Policy, rolePolicyEnv),
		ExternalID:  env.text(block.ExternalID, externalIDEnv),
	}
	if n := env.number(block.DurationSeconds, sessionDurationEnv, 900, 43200, diags); n != nil {
		role.DurationSeconds = *n
	}
	requireText(diags, path.Root("assume_role").AtName("role_arn"), role.RoleARN, roleARNEnv)
	return role
}

func (m *providerModel) assumeRoleWithOIDC(env environment, diags *diag.Diagnostics) *ramapi.AssumeRoleWithOIDC {
	block := m.AssumeRoleWithOIDC
	if block == nil {
		return nil
	}
	role := &ramapi.AssumeRoleWithOIDC{
		RoleARN:         env.text(block.RoleARN, roleARNEnv),
		OIDCProviderARN: env.text(block.OIDCProviderARN, oidcProviderARNEnv),
		OIDCToken:       block.OIDCToken.ValueString(),
		SessionName:     env.text(block.SessionName, sessionNameEnv),
		Policy:          env.text(block.Policy, rolePolicyEnv),
	}
	if n := env.number(block.DurationSeconds, sessionDurationEnv, 900, 43200, diags); n != nil {
		role.DurationSeconds = *n
	}
	at := path.Root("assume_role_with_oidc")
	requireText(diags, at.AtName("role_arn"), role.RoleARN, roleARNEnv)
	requireText(diags, at.AtName("oidc_provider_arn"), role.OIDCProviderARN, oidcProviderARNEnv)
	if role.OIDCToken == "" {
		role.OIDCTokenFile = env.text(block.OIDCTokenFile, oidcTokenFileEnv)
		requireText(diags, at.AtName("oidc_token_file"), role.OIDCTokenFile, oidcTokenFileEnv)
	}
	return role
}

// tagSettings gives what the block says about tags. A default tag that is to be
// ignored as well is refused.
func (m *providerModel) tagSettings(diags *diag.Diagnostics) base.TagSettings {
	var settings base.TagSettings
	if m.IgnoreTags != nil {
		settings.IgnoreKeys, settings.IgnorePrefixes = m.IgnoreTags.Keys, m.IgnoreTags.KeyPrefixes
	}
	if m.DefaultTags != nil {
		settings.Default = m.DefaultTags.Tags
	}
	for _, key := range slices.Sorted(maps.Keys(settings.Default)) {
		if settings.Ignores(key) {
			diags.AddAttributeError(path.Root("default_tags").AtName("tags"), "Ignored tag",
				fmt.Sprintf("The tag %q is also among the ignore_tags, so it is neither read nor set. Take it out of one of the two.", key))
		}
	}
	return settings
}

func requireText(diags *diag.Diagnostics, at path.Path, value string, names []string) {
	if value == "" {
		diags.AddAttributeError(at, fmt.Sprintf("Missing %s", at), fmt.Sprintf("%s must be set, here or by %s.", at, strings.Join(names, " or ")))
	}
}

func (m *providerModel) allowedAccountIDs(ctx context.Context, env environment, diags *diag.Diagnostics) []string {
	var ids []string
	if !m.AllowedAccountIDs.IsNull() {
		diags.Append(m.AllowedAccountIDs.ElementsAs(ctx, &ids, false)...)
		return ids
	}
	for id := range strings.SplitSeq(env.first(allowedAccountIDsEnv), ",") {
		if id = strings.TrimSpace(id); id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}
