package policy

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
)

var (
	_ resource.ResourceWithMoveState = (*policyResource)(nil)
	_ resource.ResourceWithMoveState = (*attachmentResource)(nil)
)

func (r *policyResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{base.MovedFrom("alicloud_ram_policy", func(from base.Official) (base.Moved, error) {
		name := from.Text("policy_name", "name", "id")
		return base.Moved{
			State: map[string]attr.Value{
				"name": name, "policy_document": from.Document("policy_document", "document"), "description": from.Text("description"), "tags": from.Tags(),
				"default_version": from.Text("default_version", "version_id"), "create_date": from.Text("create_time"), "force_destroy": from.True("force"),
			},
			Identity: map[string]attr.Value{"name": name},
		}, base.Need(map[string]types.String{"policy_name": name})
	})}
}

// principalTypes are Resource Manager's names of the kinds of principals.
var principalTypes = map[string]string{"IMSUser": "user_name", "IMSGroup": "group_name", "ServiceRole": "role_name"}

func (r *attachmentResource) MoveState(context.Context) []resource.StateMover {
	var movers []resource.StateMover
	for _, kind := range []string{"user", "group", "role"} {
		at := kind + "_name"
		movers = append(movers, base.MovedFrom("alicloud_ram_"+kind+"_policy_attachment", func(from base.Official) (base.Moved, error) {
			return movedAttachment(from, at, from.Text(at), types.StringNull())
		}))
	}
	return append(movers, base.MovedFrom("alicloud_resource_manager_policy_attachment", func(from base.Official) (base.Moved, error) {
		kind := from.Text("principal_type").ValueString()
		at, known := principalTypes[kind]
		if !known {
			return base.Moved{}, fmt.Errorf("its principal_type is %q, which is none of IMSUser, IMSGroup and ServiceRole", kind)
		}
		principal, _, _ := strings.Cut(from.Text("principal_name").ValueString(), "@")
		group := from.Text("resource_group_id")
		if !strings.HasPrefix(group.ValueString(), "rg-") { // the id of the account stands for all of it
			group = types.StringNull()
		}
		return movedAttachment(from, at, types.StringValue(principal), group)
	}))
}

func movedAttachment(from base.Official, principalAt string, principal, resourceGroup types.String) (base.Moved, error) {
	known := map[string]attr.Value{
		"policy_name": from.Text("policy_name"), "policy_type": from.Text("policy_type"), principalAt: principal, "resource_group_id": resourceGroup,
	}
	return base.Moved{State: known, Identity: known}, base.Need(map[string]types.String{
		"policy_name": from.Text("policy_name"), "policy_type": from.Text("policy_type"), principalAt: principal,
	})
}
