package user

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
)

var _ action.ActionWithConfigure = (*unfreezeAction)(nil)

type unfreezeAction struct{ base.Action }

// NewUnfreezeAction gives the action ram_unfreeze_user.
func NewUnfreezeAction() action.Action { return &unfreezeAction{} }

func (a *unfreezeAction) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = "ram_unfreeze_user"
}

func (a *unfreezeAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Undoes what freezing a RAM user has done, by the action `ram_freeze_user` or by `frozen` of `ram_user`: the console login and the access keys that it switched off are `Active` again, " +
			"unless they are gone or their `status` was set to `Inactive` in the meantime. What was inactive before stays so. The record of the freeze is removed last, so this can be invoked again after a failure. " +
			"Of a user who is not frozen it changes nothing. Where a `ram_user` says `frozen = true`, its next apply freezes the user again.",
		Attributes: map[string]schema.Attribute{"user_name": actedOnAttribute()},
	}
}

func (a *unfreezeAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	user, ok := actedOn(ctx, a.Client, req, resp)
	if !ok {
		return
	}
	if err := a.Client.UnfreezeUser(ctx, user, tell(resp)); err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to unfreeze RAM user %q", user.Name)
	}
}
