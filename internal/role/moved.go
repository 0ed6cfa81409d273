package role

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
)

var (
	_ resource.ResourceWithMoveState = (*roleResource)(nil)
	_ resource.ResourceWithMoveState = (*serviceLinkedRoleResource)(nil)
)

func (r *roleResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{base.MovedFrom("alicloud_ram_role", func(from base.Official) (base.Moved, error) {
		name := from.Text("role_name", "name", "id")
		return base.Moved{
			State: map[string]attr.Value{
				"name": name, "assume_role_policy_document": from.Document("assume_role_policy_document", "document"), "description": from.Text("description"),
				"max_session_duration": from.Int64("max_session_duration"), "tags": from.Tags(), "force_destroy": from.True("force"),
				"role_id": from.Text("role_id"), "arn": from.Text("arn"), "create_date": from.Text("create_time"),
			},
			Identity: map[string]attr.Value{"name": name},
		}, base.Need(map[string]types.String{"role_name": name})
	})}
}

func (r *serviceLinkedRoleResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{base.MovedFrom("alicloud_resource_manager_service_linked_role", func(from base.Official) (base.Moved, error) {
		service, id, _ := strings.Cut(from.Text("id").ValueString(), ":")
		name, serviceName := from.Text("role_name"), from.Text("service_name")
		if name.IsNull() && id != "" {
			name, serviceName = types.StringValue(id), types.StringValue(service)
		}
		return base.Moved{
			State: map[string]attr.Value{
				"name": name, "service_name": serviceName, "custom_suffix": from.Text("custom_suffix"), "description": from.Text("description"),
				"role_id": from.Text("role_id"), "arn": from.Text("arn"),
			},
			Identity: map[string]attr.Value{"name": name},
		}, base.Need(map[string]types.String{"role_name": name})
	})}
}
