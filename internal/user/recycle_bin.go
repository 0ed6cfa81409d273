package user

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// Deleted users and access keys stay in recycle bins for 30 days. RAM's
// documentation says neither what they are in the way of meanwhile nor with
// which code a call is refused for them. So the bin is looked into once a call
// has been refused that it may have to do with; where that is not possible the
// refusal speaks for itself.

// addCreateError adds the error of a creation that was refused.
func (r *userResource) addCreateError(ctx context.Context, err error, name types.String, diags *diag.Diagnostics) {
	if advice := r.recycledNamesake(ctx, err, name.ValueString()); advice != "" {
		base.AddAdvisedErrorf(diags, err, advice, "Unable to create RAM user %s", name)
		return
	}
	base.AddExistsErrorf(diags, err, "ram_user", name.ValueString(), "Unable to create RAM user %s", name)
}

// recycledNamesake says what to do where a name was refused that nobody has but
// a deleted user; empty in any other case.
func (r *userResource) recycledNamesake(ctx context.Context, err error, name string) string {
	if !ramapi.IsAlreadyExists(err) && !ramapi.IsLimitExceeded(err) {
		return ""
	}
	deleted, lookErr := r.Client.RecycledUsers(ctx, name)
	if lookErr != nil || len(deleted) == 0 {
		return ""
	}
	if _, holderErr := r.Client.User(ctx, name, ""); !ramapi.IsNotFound(holderErr) {
		return ""
	}
	id := deleted[0].ID
	return fmt.Sprintf("The name belongs to a deleted user, ID %[1]s, who is in the recycle bin until %[2]s.\n\n"+
		"To have that user back, restore it in the RAM console under Users > Recycle Bin, or by the first of these lines, and import it by the second. Its groups, permissions and MFA device stay lost.\n\n"+
		"  %[3]s\n  terraform import ram_user.NAME %[4]s\n\n"+
		"To give the name to another user, delete the one in the recycle bin for good, in the same place, or by\n\n  %[5]s",
		id, deleted[0].DeleteDate, imsCommand("RestoreUserFromRecycleBin", "UserId", id), name, imsCommand("DeleteUserInRecycleBin", "UserId", id))
}

// noRoomInBin says what to do where the deletion of a user, or of one of its
// keys, was refused for what is in the recycle bin; empty in any other case.
func (r *userResource) noRoomInBin(ctx context.Context, err error, userID string) string {
	var refusal *ramapi.Error
	switch {
	case !errors.As(err, &refusal):
		return ""
	case refusal.Action == "DeleteAccessKey":
		return noRoomInKeyBin(ctx, r.Client, err, userID)
	case ramapi.IsLimitExceeded(err):
		return "The recycle bin of the account holds at most 1,000 deleted users and may have no room for another. " +
			"Delete some of them for good in the RAM console under Users > Recycle Bin, and apply again."
	}
	return ""
}

// noRoomInKeyBin says what to do where the deletion of an access key was refused
// for the keys in its user's recycle bin; empty in any other case.
func noRoomInKeyBin(ctx context.Context, client *ramapi.Client, err error, userID string) string {
	if !ramapi.IsLimitExceeded(err) && !ramapi.IsDeleteConflict(err) {
		return ""
	}
	deleted, lookErr := client.RecycledKeys(ctx, userID)
	if lookErr != nil || len(deleted) == 0 {
		return ""
	}
	return "The user's recycle bin holds at most three deleted access keys and may have no room for another. It has " + keysInBin(deleted, userID)
}

// maxKeys is how many access keys a user can have.
const maxKeys = 2

// recycledKeysCount says what to do where a new access key was refused although
// the user has room for one, and has deleted keys; empty in any other case.
func recycledKeysCount(ctx context.Context, client *ramapi.Client, err error, user ramapi.Principal) string {
	if !ramapi.IsLimitExceeded(err) {
		return ""
	}
	deleted, lookErr := client.RecycledKeys(ctx, user.ID)
	if lookErr != nil || len(deleted) == 0 {
		return ""
	}
	keys, lookErr := client.AccessKeys(ctx, user.Name)
	if lookErr != nil || len(keys) >= maxKeys {
		return ""
	}
	return fmt.Sprintf("A RAM user has at most two access keys. This one has %d, but deleted ones may count as long as they are in its recycle bin. It has %s\n\n"+
		"To have one back instead of a new one, restore it in the same place, or by\n\n  %s",
		len(keys), keysInBin(deleted, user.ID), imsCommand("RestoreAccessKeyFromRecycleBin", "UserId", user.ID, "UserAccessKeyId", deleted[0].ID))
}

// keysInBin names the keys and says how to get rid of the one deleted first.
func keysInBin(deleted []ramapi.RecycledKey, userID string) string {
	var all []string
	for _, k := range deleted {
		all = append(all, fmt.Sprintf("%s (until %s)", k.ID, k.DeleteDate))
	}
	return fmt.Sprintf("%s.\n\n"+
		"Delete one of them for good, in the RAM console under AccessKey Pair Recycle Bin on the user's page, or as below, and apply again.\n\n  %s",
		strings.Join(all, ", "), imsCommand("DeleteAccessKeyInRecycleBin", "UserId", userID, "UserAccessKeyId", deleted[0].ID))
}

// imsCommand gives the line that calls an action of IMS, whose endpoint Alibaba
// Cloud's command line does not know in every region. Terraform breaks no line
// that begins with a space, so that one can be copied.
func imsCommand(action string, params ...string) string {
	command := "aliyun ims " + action
	for i := 0; i < len(params); i += 2 {
		command += " --" + params[i] + " " + params[i+1]
	}
	return command + " --endpoint ims.aliyuncs.com"
}
