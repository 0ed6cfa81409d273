package user

import (
	"context"
	"errors"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
)

var (
	_ resource.ResourceWithMoveState = (*userResource)(nil)
	_ resource.ResourceWithMoveState = (*loginProfileResource)(nil)
	_ resource.ResourceWithMoveState = (*accessKeyResource)(nil)
	_ resource.ResourceWithMoveState = (*accessKeyPolicyResource)(nil)
)

func (r *userResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{base.MovedFrom("alicloud_ram_user", func(from base.Official) (base.Moved, error) {
		name := from.Text("name")
		return base.Moved{
			State: map[string]attr.Value{
				"name": name, "user_id": from.ID(), "display_name": from.Text("display_name"), "email": from.Text("email"), "mobile_phone": from.Text("mobile"),
				"comments": from.Text("comments"), "tags": from.Tags(), "force_destroy": from.True("force"),
			},
			Identity: map[string]attr.Value{"name": name},
		}, base.Need(map[string]types.String{"name": name})
	})}
}

// The password comes along, for it is in the state already, and by that is not set
// again. Where it is not, a login that was moved counts as one that was imported.
func (r *loginProfileResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{base.MovedFrom("alicloud_ram_login_profile", func(from base.Official) (base.Moved, error) {
		name, password := from.Text("user_name", "id"), from.Text("password")
		private := map[string]any{}
		if password.IsNull() {
			private[importedKey] = true
		}
		return base.Moved{
			State: map[string]attr.Value{
				"user_name": name, "password": password, "password_reset_required": from.True("password_reset_required"), "mfa_bind_required": from.Bool("mfa_bind_required"),
			},
			Identity: map[string]attr.Value{"user_name": name},
			Private:  private,
		}, base.Need(map[string]types.String{"user_name": name})
	})}
}

func (r *accessKeyResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{base.MovedFrom("alicloud_ram_access_key", func(from base.Official) (base.Moved, error) {
		name, id := from.Text("user_name"), from.Text("id")
		if name.IsNull() {
			return base.Moved{}, errors.New("it is a key of whoever ran Terraform, for its state has no user_name")
		}
		return base.Moved{
			State: map[string]attr.Value{
				"user_name": name, "access_key_id": id, "status": from.Text("status"), "create_date": from.Text("create_time"),
				"access_key_secret": from.Text("secret"), "encrypted_secret": from.Text("encrypted_secret"), "key_fingerprint": from.Text("key_fingerprint"), "pgp_key": from.Text("pgp_key"),
			},
			Identity: map[string]attr.Value{"user_name": name, "access_key_id": id},
		}, base.Need(map[string]types.String{"id": id})
	})}
}

func (r *accessKeyPolicyResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{base.MovedFrom("alicloud_ram_access_key_policy", func(from base.Official) (base.Moved, error) {
		user, _, _ := strings.Cut(from.Text("user_principal_name").ValueString(), "@")
		id := from.Text("user_access_key_id")
		if user == "" {
			return base.Moved{}, errors.New("its state has no user_principal_name, so it does not say whose key it is about")
		}
		known := map[string]attr.Value{"user_name": types.StringValue(user), "access_key_id": id}
		return base.Moved{State: known, Identity: known}, base.Need(map[string]types.String{"user_access_key_id": id})
	})}
}
