package account

import (
	"context"
	"maps"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
)

var (
	_ resource.ResourceWithMoveState = (*accountAliasResource)(nil)
	_ resource.ResourceWithMoveState = (*passwordPolicyResource)(nil)
	_ resource.ResourceWithMoveState = (*securityPreferenceResource)(nil)
)

// movedSettings moves what an account has one of. What there was before the
// official provider nobody knows, so nothing is noted to restore.
func movedSettings(from base.Official, settings map[string]attr.Value) (base.Moved, error) {
	id := from.ID()
	state := maps.Clone(settings)
	state["account_id"] = id
	return base.Moved{State: state, Identity: map[string]attr.Value{"account_id": id}}, base.Need(map[string]types.String{"id": id})
}

func (r *accountAliasResource) MoveState(context.Context) []resource.StateMover {
	move := func(from base.Official) (base.Moved, error) {
		return movedSettings(from, map[string]attr.Value{"account_alias": from.Text("account_alias")})
	}
	return []resource.StateMover{base.MovedFrom("alicloud_ram_account_alias", move), base.MovedFrom("alicloud_ram_alias", move)}
}

// The official provider has two resources of the password policy, the older one
// for RAM's API, with fewer settings.
func (r *passwordPolicyResource) MoveState(context.Context) []resource.StateMover {
	common := func(from base.Official) map[string]attr.Value {
		return map[string]attr.Value{
			"minimum_password_length": from.Int64("minimum_password_length"), "require_lowercase_characters": from.Bool("require_lowercase_characters"),
			"require_uppercase_characters": from.Bool("require_uppercase_characters"), "require_numbers": from.Bool("require_numbers"), "require_symbols": from.Bool("require_symbols"),
			"max_password_age": from.Int64("max_password_age"), "hard_expire": from.Bool("hard_expiry"), "password_reuse_prevention": from.Int64("password_reuse_prevention"),
		}
	}
	return []resource.StateMover{
		base.MovedFrom("alicloud_ram_password_policy", func(from base.Official) (base.Moved, error) {
			settings := common(from)
			settings["max_login_attempts"] = from.Int64("max_login_attemps") //nolint:misspell // their spelling
			settings["minimum_password_different_character"] = from.Int64("minimum_password_different_character")
			settings["password_not_contain_user_name"] = from.Bool("password_not_contain_user_name")
			return movedSettings(from, settings)
		}),
		base.MovedFrom("alicloud_ram_account_password_policy", func(from base.Official) (base.Moved, error) {
			settings := common(from)
			settings["max_login_attempts"] = from.Int64("max_login_attempts")
			return movedSettings(from, settings)
		}),
	}
}

func (r *securityPreferenceResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{base.MovedFrom("alicloud_ram_security_preference", func(from base.Official) (base.Moved, error) {
		settings := map[string]attr.Value{"verification_types": from.Texts("verification_types"), "mfa_operation_for_login": from.Text("mfa_operation_for_login")}
		for _, name := range []string{
			"enable_save_mfa_ticket", "allow_user_to_change_password", "allow_user_to_manage_access_keys", "allow_user_to_manage_mfa_devices",
			"allow_user_to_login_with_passkey", "allow_user_to_manage_personal_ding_talk",
		} {
			settings[name] = from.Bool(name)
		}
		for _, name := range []string{"login_session_duration", "max_idle_days_for_users", "max_idle_days_for_access_keys"} {
			settings[name] = from.Int64(name)
		}
		var masks []any
		for mask := range strings.SplitSeq(from.Text("login_network_masks").ValueString(), ";") {
			masks = append(masks, mask)
		}
		settings["login_network_masks"] = base.SetOfTexts(masks)
		return movedSettings(from, settings)
	})}
}
