package account

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// securityPreferenceSettings are the settings of a security preference by their
// attributes.
var securityPreferenceSettings = map[string]setting{
	"enable_save_mfa_ticket": flag("Whether users may stay verified by multi-factor authentication (MFA) for seven days; RAM's default is `false`."),

	"allow_user_to_change_password":           flag("Whether users may change their own passwords; RAM's default is `true`."),
	"allow_user_to_manage_access_keys":        flag("Whether users may manage their own access keys; RAM's default is `false`."),
	"allow_user_to_manage_mfa_devices":        flag("Whether users may manage their own MFA devices; RAM's default is `true`."),
	"allow_user_to_login_with_passkey":        flag("Whether users may log on with a passkey; RAM's default is `true`."),
	"allow_user_to_manage_personal_ding_talk": flag("Whether users may bind and unbind their own DingTalk accounts; RAM's default is `true`."),
	"allow_user_to_manage_service_credentials": flag("Whether users may manage their own service credentials, such as API keys; RAM documents no default. " +
		"Null where the service does not have the setting."),

	"mfa_operation_for_login": choice{
		"Who needs MFA to log on: `mandatory` everybody, whatever a `ram_login_profile` says; `independent` those whose login profile says so; " +
			"`adaptive` those whose logon looks unusual. RAM's documented default is `independent`, while new accounts may have `mandatory`.",
		[]string{"mandatory", "independent", "adaptive"},
	},
	"login_session_duration": number{"Hours that a user stays logged on, 1 to 24; RAM's default is 6.", int64validator.Between(1, 24)},
	"login_network_masks": set{
		description: "Networks, such as `192.0.2.0/24`, and single addresses that users may log on to the console from: up to 40, with up to 512 characters together, " +
			"with one counted between any two. `[]`, RAM's default, is from anywhere. Calls with access keys are not limited by it.",
		each:    networkMask{},
		accepts: []validator.Set{setvalidator.SizeAtMost(40), masksFit{}},
		plans:   []planmodifier.Set{keepNetworks{}},
	},
	"verification_types": set{
		description: "Methods of MFA besides devices: `sms`, `email`, both, or `[]` for neither. RAM documents no default.",
		each:        stringvalidator.OneOf("sms", "email"),
	},

	"max_idle_days_for_users":       number{"Days without a logon after which a user's access to the console is disabled: 90, 180, 365 or 730, RAM's default.", idleDays},
	"max_idle_days_for_access_keys": number{"Days without use after which an access key is disabled: 90, 180, 365 or 730, RAM's default.", idleDays},
}

var idleDays = int64validator.OneOf(90, 180, 365, 730)

// securityPreferenceModel is what the resource and the data source have in common.
type securityPreferenceModel struct {
	AccountID types.String `tfsdk:"account_id"`

	EnableSaveMFATicket                 types.Bool   `tfsdk:"enable_save_mfa_ticket"`
	AllowUserToChangePassword           types.Bool   `tfsdk:"allow_user_to_change_password"`
	AllowUserToManageAccessKeys         types.Bool   `tfsdk:"allow_user_to_manage_access_keys"`
	AllowUserToManageMFADevices         types.Bool   `tfsdk:"allow_user_to_manage_mfa_devices"`
	AllowUserToLoginWithPasskey         types.Bool   `tfsdk:"allow_user_to_login_with_passkey"`
	AllowUserToManagePersonalDingTalk   types.Bool   `tfsdk:"allow_user_to_manage_personal_ding_talk"`
	AllowUserToManageServiceCredentials types.Bool   `tfsdk:"allow_user_to_manage_service_credentials"`
	MFAOperationForLogin                types.String `tfsdk:"mfa_operation_for_login"`
	LoginSessionDuration                types.Int64  `tfsdk:"login_session_duration"`
	LoginNetworkMasks                   types.Set    `tfsdk:"login_network_masks"`
	VerificationTypes                   types.Set    `tfsdk:"verification_types"`
	MaxIdleDaysForUsers                 types.Int64  `tfsdk:"max_idle_days_for_users"`
	MaxIdleDaysForAccessKeys            types.Int64  `tfsdk:"max_idle_days_for_access_keys"`
}

// links leaves the deprecated OperationForRiskLogin alone.
func (m *securityPreferenceModel) links(p *ramapi.SecurityPreference) []link {
	return []link{
		linkFlag(&m.EnableSaveMFATicket, &p.EnableSaveMFATicket),
		linkFlag(&m.AllowUserToChangePassword, &p.AllowUserToChangePassword),
		linkFlag(&m.AllowUserToManageAccessKeys, &p.AllowUserToManageAccessKeys),
		linkFlag(&m.AllowUserToManageMFADevices, &p.AllowUserToManageMFADevices),
		linkFlag(&m.AllowUserToLoginWithPasskey, &p.AllowUserToLoginWithPasskey),
		linkFlag(&m.AllowUserToManagePersonalDingTalk, &p.AllowUserToManagePersonalDingTalk),
		linkFlag(&m.AllowUserToManageServiceCredentials, &p.AllowUserToManageServiceCredentials),
		linkChoice(&m.MFAOperationForLogin, &p.MFAOperationForLogin),
		linkNumber(&m.LoginSessionDuration, &p.LoginSessionDuration),
		linkSet(&m.LoginNetworkMasks, &p.LoginNetworkMasks),
		linkSet(&m.VerificationTypes, &p.VerificationTypes),
		linkNumber(&m.MaxIdleDaysForUsers, &p.MaxIdleDaysForUsers),
		linkNumber(&m.MaxIdleDaysForAccessKeys, &p.MaxIdleDaysForAccessKeys),
	}
}

// fromAPI shows the security preference as it is. The service may write the
// same networks otherwise: they keep their text.
func (m *securityPreferenceModel) fromAPI(p ramapi.SecurityPreference) {
	masks := m.LoginNetworkMasks
	for _, l := range m.links(&p) {
		l.show()
	}
	if sameNetworks(masks, m.LoginNetworkMasks) {
		m.LoginNetworkMasks = masks
	}
}

// complete fills in what a plan has left open.
func (m *securityPreferenceModel) complete(p ramapi.SecurityPreference) {
	for _, l := range m.links(&p) {
		l.complete()
	}
}

// toAPI gives the settings that there are, nil for null and unknown ones.
func (m *securityPreferenceModel) toAPI() ramapi.SecurityPreference {
	var p ramapi.SecurityPreference
	for _, l := range m.links(&p) {
		l.configure()
	}
	return p
}
