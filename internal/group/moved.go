package group

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
)

var (
	_ resource.ResourceWithMoveState = (*groupResource)(nil)
	_ resource.ResourceWithMoveState = (*membershipResource)(nil)
)

func (r *groupResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{base.MovedFrom("alicloud_ram_group", func(from base.Official) (base.Moved, error) {
		name := from.Text("group_name", "name", "id")
		return base.Moved{
			State: map[string]attr.Value{
				"name": name, "comments": from.Text("comments"), "create_date": from.Text("create_time"), "force_destroy": from.True("force"),
			},
			Identity: map[string]attr.Value{"name": name},
		}, base.Need(map[string]types.String{"group_name": name})
	})}
}

func (r *membershipResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{
		base.MovedFrom("alicloud_ram_group_membership", func(from base.Official) (base.Moved, error) {
			return movedMembership(from.Text("group_name", "id"), from.Texts("user_names"))
		}),
		base.MovedFrom("alicloud_ram_user_group_attachment", func(from base.Official) (base.Moved, error) {
			return movedMembership(from.Text("group_name"), base.SetOfTexts([]any{from.Text("user_name").ValueString()}))
		}),
	}
}

func movedMembership(group types.String, users types.Set) (base.Moved, error) {
	if users.IsNull() { // which for an import stands for everybody
		users = types.SetValueMust(types.StringType, []attr.Value{})
	}
	m := membershipModel{GroupName: group, UserNames: users}
	var diags diag.Diagnostics // of values that are known, there are none
	id := m.identity(context.Background(), &diags)
	return base.Moved{
		State:    map[string]attr.Value{"group_name": group, "user_names": users},
		Identity: map[string]attr.Value{"group_name": id.GroupName, "user_names": id.UserNames},
	}, base.Need(map[string]types.String{"group_name": group})
}
