package account

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// passwordPolicySettings are the settings of a password policy by their
// attributes. No two of them can exclude each other.
var passwordPolicySettings = map[string]setting{
	"minimum_password_length": number{"Fewest characters of a password, 8 to 32; RAM's default is 8.", int64validator.Between(8, 32)},

	"require_lowercase_characters": flag("Whether a password needs a lower-case letter; RAM's default is `false`."),
	"require_uppercase_characters": flag("Whether a password needs an upper-case letter; RAM's default is `false`."),
	"require_numbers":              flag("Whether a password needs a digit; RAM's default is `false`."),
	"require_symbols":              flag("Whether a password needs a symbol; RAM's default is `false`."),

	"minimum_password_different_character": number{"Fewest different characters of a password, 0 to 8; RAM's default is 0.", int64validator.Between(0, 8)},

	"password_not_contain_user_name": flag("Whether a password must not contain the name of its user; RAM's default is `false`."),

	"max_password_age": number{"Days until a password expires, 0 to 1095; 0, RAM's default, is never.", int64validator.Between(0, 1095)},

	"hard_expire": flag("Whether a user with an expired password can no longer log on, until an administrator sets another one; RAM's default is `false`: the user sets it."),

	"password_reuse_prevention": number{"How many of a user's last passwords a new one must not repeat, 0 to 24; RAM's default is 0.", int64validator.Between(0, 24)},
	"max_login_attempts":        number{"How many wrong passwords in a row lock the logon for an hour, 0 to 32; 0, RAM's default, is any number.", int64validator.Between(0, 32)},
	"initial_password_age":      number{"Days until an initial password expires, 0 to 90; 0 is never, RAM's default is 14.", int64validator.Between(0, 90)},

	"intercept_risk_password_on_api": flag("Whether passwords that are known to have leaked are refused when they are set by an API call, such as those of `ram_login_profile`, " +
		"and not only in the console; RAM's default is `false`. Null where the service does not have the setting."),
}

// passwordPolicyModel is what the resource and the data source have in common.
type passwordPolicyModel struct {
	AccountID types.String `tfsdk:"account_id"`

	MinimumPasswordLength             types.Int64 `tfsdk:"minimum_password_length"`
	RequireLowercaseCharacters        types.Bool  `tfsdk:"require_lowercase_characters"`
	RequireUppercaseCharacters        types.Bool  `tfsdk:"require_uppercase_characters"`
	RequireNumbers                    types.Bool  `tfsdk:"require_numbers"`
	RequireSymbols                    types.Bool  `tfsdk:"require_symbols"`
	MinimumPasswordDifferentCharacter types.Int64 `tfsdk:"minimum_password_different_character"`
	PasswordNotContainUserName        types.Bool  `tfsdk:"password_not_contain_user_name"`
	MaxPasswordAge                    types.Int64 `tfsdk:"max_password_age"`
	HardExpire                        types.Bool  `tfsdk:"hard_expire"`
	PasswordReusePrevention           types.Int64 `tfsdk:"password_reuse_prevention"`
	MaxLoginAttempts                  types.Int64 `tfsdk:"max_login_attempts"`
	InitialPasswordAge                types.Int64 `tfsdk:"initial_password_age"`
	InterceptRiskPasswordOnAPI        types.Bool  `tfsdk:"intercept_risk_password_on_api"`
}

func (m *passwordPolicyModel) links(p *ramapi.PasswordPolicy) []link {
	return []link{
		linkNumber(&m.MinimumPasswordLength, &p.MinimumPasswordLength),
		linkFlag(&m.RequireLowercaseCharacters, &p.RequireLowercaseCharacters),
		linkFlag(&m.RequireUppercaseCharacters, &p.RequireUppercaseCharacters),
		linkFlag(&m.RequireNumbers, &p.RequireNumbers),
		linkFlag(&m.RequireSymbols, &p.RequireSymbols),
		linkNumber(&m.MinimumPasswordDifferentCharacter, &p.MinimumPasswordDifferentCharacter),
		linkFlag(&m.PasswordNotContainUserName, &p.PasswordNotContainUserName),
		linkNumber(&m.MaxPasswordAge, &p.MaxPasswordAge),
		linkFlag(&m.HardExpire, &p.HardExpire),
		linkNumber(&m.PasswordReusePrevention, &p.PasswordReusePrevention),
		linkNumber(&m.MaxLoginAttempts, &p.MaxLoginAttempts),
		linkNumber(&m.InitialPasswordAge, &p.InitialPasswordAge),
		linkFlag(&m.InterceptRiskPasswordOnAPI, &p.InterceptRiskPasswordOnAPI),
	}
}

// fromAPI shows the password policy as it is.
func (m *passwordPolicyModel) fromAPI(p ramapi.PasswordPolicy) {
	for _, l := range m.links(&p) {
		l.show()
	}
}

// complete fills in what a plan has left open.
func (m *passwordPolicyModel) complete(p ramapi.PasswordPolicy) {
	for _, l := range m.links(&p) {
		l.complete()
	}
}

// toAPI gives the settings that there are, nil for null and unknown ones.
func (m *passwordPolicyModel) toAPI() ramapi.PasswordPolicy {
	var p ramapi.PasswordPolicy
	for _, l := range m.links(&p) {
		l.configure()
	}
	return p
}
