package base

import (
	"context"
	"errors"
	"fmt"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// DeleteDetaching makes a deletion that attachments within resource groups may
// be in the way of. RAM does not list these, and its documentation leaves open
// whether they are in the way. So Resource Manager, which lists them, is asked
// only where the deletion conflicts: find does so. With force they are detached
// then, and the deletion is made once more; otherwise they are given with the
// error. Where Resource Manager does not answer, the error says that too.
func (r *Resource) DeleteDetaching(ctx context.Context, force bool, deletion func() error, find func() ([]ramapi.Attachment, error)) ([]ramapi.Attachment, error) {
	err := deletion()
	if !ramapi.IsDeleteConflict(err) {
		return nil, err
	}
	inTheWay, lookErr := find()
	if lookErr != nil {
		return nil, notLookedInto(err, lookErr)
	}
	if len(inTheWay) == 0 || !force {
		return inTheWay, err
	}
	for _, a := range inTheWay {
		if err := r.Client.Detach(ctx, a); err != nil && !ramapi.IsNotFound(err) {
			return nil, err
		}
	}
	return nil, deletion()
}

// notLookedInto gives the conflict with why resource groups could not be looked
// into, where its reason may be.
func notLookedInto(conflict, why error) error {
	var e *ramapi.Error
	if !errors.As(conflict, &e) {
		return conflict
	}
	both := *e
	both.Message = fmt.Sprintf("%s The policies in resource groups, which may be in the way, could not be listed: %v", sentence(e.Message), why)
	return &both
}

// PoliciesInResourceGroups counts and names what a principal that is to be
// deleted has within resource groups, empty for nothing.
func PoliciesInResourceGroups(all []ramapi.Attachment) string {
	var names []string
	for _, a := range all {
		names = append(names, a.PolicyName+" in "+a.ResourceGroupID)
	}
	return Counted("resource-group attachment", names)
}

// PrincipalsInResourceGroups counts and names who has a policy that is to be
// deleted within resource groups, empty for nobody.
func PrincipalsInResourceGroups(all []ramapi.Attachment) string {
	var names []string
	for _, a := range all {
		names = append(names, fmt.Sprintf("%s %s in %s", lower(a.To.Kind), a.To.Name, a.ResourceGroupID))
	}
	return Counted("principal", names)
}
