package user

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var _ action.ActionWithConfigure = (*freezeAction)(nil)

type freezeAction struct{ base.Action }

// NewFreezeAction gives the action ram_freeze_user.
func NewFreezeAction() action.Action { return &freezeAction{} }

func (a *freezeAction) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = "ram_freeze_user"
}

func (a *freezeAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Freezes a RAM user that is compromised, whether Terraform manages it or not. " + whatFreezingDoes + "\n\n" +
			"It can be invoked again after a failure, and for a user who is frozen already: it then switches off what has been made or activated since. " +
			"The action `ram_unfreeze_user`, or `frozen = false` of `ram_user`, undoes it. A freeze takes up to four of the user's 20 tags. Where there is no room for them, or tagging is refused, the user is switched off all the same, " +
			"and a warning says what was on.\n\n" + whatFreezingLeaves,
		Attributes: map[string]schema.Attribute{"user_name": actedOnAttribute()},
	}
}

func (a *freezeAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	user, ok := actedOn(ctx, a.Client, req, resp)
	if !ok {
		return
	}
	err := freeze(ctx, a.Client, a.CheckFreeze, user, tell(resp))
	switch advice := notRecorded(err); {
	case advice != "":
		resp.Diagnostics.AddWarning(fmt.Sprintf("The freeze of RAM user %q is not recorded", user.Name), advice+"\n\n"+err.Error())
	case err != nil:
		base.AddErrorf(&resp.Diagnostics, err, "Unable to freeze RAM user %q", user.Name)
	}
}

func actedOnAttribute() schema.Attribute {
	return schema.StringAttribute{
		Required:            true,
		MarkdownDescription: "Name of the user.",
		Validators:          []validator.String{base.UserName},
	}
}

// actedOn gives the user that an action is about. It returns false after adding an error.
func actedOn(ctx context.Context, client *ramapi.Client, req action.InvokeRequest, resp *action.InvokeResponse) (ramapi.Principal, bool) {
	var name types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("user_name"), &name)...)
	if resp.Diagnostics.HasError() {
		return ramapi.Principal{}, false
	}
	user, err := client.PrincipalByName(ctx, ramapi.KindUser, name.ValueString())
	if err != nil {
		base.AddAttributeErrorf(&resp.Diagnostics, path.Root("user_name"), err, "Unable to find RAM user %s", name)
		return user, false
	}
	return user, true
}

// tell gives what passes the steps of an action on to whoever watches it.
func tell(resp *action.InvokeResponse) func(step string) {
	return func(step string) { resp.SendProgress(action.InvokeProgressEvent{Message: step}) }
}
