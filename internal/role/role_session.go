package role

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// sessionModel is what both ways to assume a role have in common.
type sessionModel struct {
	RoleARN         types.String `tfsdk:"role_arn"`
	SessionName     types.String `tfsdk:"session_name"`
	DurationSeconds types.Int64  `tfsdk:"duration_seconds"`
	Policy          types.String `tfsdk:"policy"`

	AccessKeyID     types.String `tfsdk:"access_key_id"`
	AccessKeySecret types.String `tfsdk:"access_key_secret"`
	SecurityToken   types.String `tfsdk:"security_token"`
	Expiration      types.String `tfsdk:"expiration"`
	AssumedRoleARN  types.String `tfsdk:"assumed_role_arn"`
	AssumedRoleID   types.String `tfsdk:"assumed_role_id"`
}

// Where the secrets of a session are kept, for its page.
const nowhere = " It is kept neither in the state nor in a plan."

const sessionNotes = "\n\nThe credentials are made when Terraform first needs them in a plan, and anew in an apply, and they are kept neither in the state nor in a plan. " +
	"They cannot be renewed, and an apply that runs longer than they are valid fails: give `duration_seconds` what it takes."

var (
	roleARN         = stringvalidator.RegexMatches(regexp.MustCompile(`^acs:ram::\d+:role/[A-Za-z0-9._/-]+$`), "must be the ARN of a role, acs:ram::<account>:role/<name>")
	oidcProviderARN = stringvalidator.RegexMatches(regexp.MustCompile(`^acs:ram::\d+:oidc-provider/.+$`), "must be the ARN of an OIDC provider, acs:ram::<account>:oidc-provider/<name>")
	sessionName     = stringvalidator.RegexMatches(regexp.MustCompile(`^[A-Za-z0-9.@_-]{2,64}$`), "must be 2 to 64 letters, digits, ., @, - and _")
)

const (
	shortestSession     = 900
	longestSession      = 43200
	longestOfEveryRole  = 3600 // a role cannot allow less
	durationDescription = "How long the credentials are valid, in seconds: 900 up to the `max_session_duration` of the role, which is 43200 at most. 3600 when left out."
)

// sessionAttributes gives the attributes of a sessionModel, and some others.
func sessionAttributes(others map[string]schema.Attribute) map[string]schema.Attribute {
	all := map[string]schema.Attribute{
		"role_arn": schema.StringAttribute{
			Required:            true,
			MarkdownDescription: "ARN of the role, `acs:ram::<account>:role/<name>`; it may be of another account.",
			Validators:          []validator.String{roleARN},
		},
		"session_name": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Name of the session, which audit logs show: 2 to 64 letters, digits, `.`, `@`, `-` and `_`. `terraform` when left out.",
			Validators:          []validator.String{sessionName},
		},
		"duration_seconds": schema.Int64Attribute{
			Optional:            true,
			MarkdownDescription: durationDescription,
			Validators:          []validator.Int64{int64validator.Between(shortestSession, longestSession)},
		},
		"policy": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Policy as JSON that takes away from what the role may do, for these credentials. They may do all that the role may when it is left out.",
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"access_key_id": schema.StringAttribute{
			Computed: true, MarkdownDescription: "ID of the temporary access key.",
		},
		"access_key_secret": schema.StringAttribute{
			Computed: true, Sensitive: true, MarkdownDescription: "Secret of the temporary access key." + nowhere,
		},
		"security_token": schema.StringAttribute{
			Computed: true, Sensitive: true, MarkdownDescription: "Security token, which goes with the temporary access key." + nowhere,
		},
		"expiration": schema.StringAttribute{
			Computed: true, MarkdownDescription: "Until when the credentials are valid, in UTC, such as `2026-11-22T08:00:00Z`.",
		},
		"assumed_role_arn": schema.StringAttribute{
			Computed: true, MarkdownDescription: "ARN of who works with the credentials, with the names of the role and the session.",
		},
		"assumed_role_id": schema.StringAttribute{
			Computed: true, MarkdownDescription: "ID of who works with the credentials: the ID of the role, a colon and the name of the session.",
		},
	}
	maps.Copy(all, others)
	return all
}

// checkDuration refuses a session that is longer than the role allows, as far as
// the caller can learn that. Otherwise the service refuses. It returns false
// after adding an error.
func (m *sessionModel) checkDuration(ctx context.Context, client *ramapi.Client, diags *diag.Diagnostics) bool {
	seconds := m.DurationSeconds.ValueInt64()
	if seconds <= longestOfEveryRole {
		return true
	}
	most, known := client.LongestSession(ctx, m.RoleARN.ValueString())
	if !known || seconds <= most {
		return true
	}
	diags.AddAttributeError(path.Root("duration_seconds"), "The role does not allow sessions that long",
		fmt.Sprintf("duration_seconds is %d; the longest session of %s is %d seconds. Ask for less, or raise the max_session_duration of the role.", seconds, m.RoleARN.ValueString(), most))
	return false
}

func (m *sessionModel) fromAPI(s ramapi.RoleSession) {
	m.AccessKeyID = types.StringValue(s.AccessKeyID)
	m.AccessKeySecret = types.StringValue(s.AccessKeySecret)
	m.SecurityToken = types.StringValue(s.SecurityToken)
	m.Expiration = types.StringValue(s.Expires.UTC().Format(time.RFC3339))
	m.AssumedRoleARN = types.StringValue(s.AssumedRoleARN)
	m.AssumedRoleID = types.StringValue(s.AssumedRoleID)
}
