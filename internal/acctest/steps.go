package acctest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// State checks one text, number, truth value or null of a resource's state.
func State(address, attribute string, want any) statecheck.StateCheck {
	var check knownvalue.Check
	switch want := want.(type) {
	case nil:
		check = knownvalue.Null()
	case string:
		check = knownvalue.StringExact(want)
	case bool:
		check = knownvalue.Bool(want)
	case int:
		check = knownvalue.Int64Exact(int64(want))
	case knownvalue.Check:
		check = want
	default:
		panic("acctest.State: give a text, a number, a truth value, nil or a check")
	}
	return statecheck.ExpectKnownValue(address, tfjsonpath.New(attribute), check)
}

// Rows checks one text of each row of a list, in their order.
func Rows(attribute string, want ...string) knownvalue.Check {
	rows := make([]knownvalue.Check, 0, len(want))
	for _, text := range want {
		rows = append(rows, knownvalue.ObjectPartial(map[string]knownvalue.Check{attribute: knownvalue.StringExact(text)}))
	}
	return knownvalue.ListExact(rows)
}

// Plans checks what the step's plan does with the resource.
func Plans(address string, action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, action)}}
}

// PlansNothing checks that the step's plan is empty.
func PlansNothing() resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}
}

// Settled checks that the step's plan is empty, and that its refresh has not
// found anything changed either: plan -refresh-only has nothing to say.
func Settled() resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan(), noDrift{}}}
}

type noDrift struct{}

func (noDrift) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	for _, drift := range req.Plan.ResourceDrift {
		resp.Error = errors.Join(resp.Error, fmt.Errorf("%s has changed outside: %v to %v", drift.Address, drift.Change.Before, drift.Change.After))
	}
}

// Between does something after the step's plan and before its apply.
func Between(do func()) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{Meanwhile(do)}}
}

// Meanwhile is Between among other checks of the plan.
type Meanwhile func()

// CheckPlan does it.
func (do Meanwhile) CheckPlan(context.Context, plancheck.CheckPlanRequest, *plancheck.CheckPlanResponse) {
	do()
}

// Imports imports the resource into an empty state and compares it with what
// the steps before made. key is the attribute that tells resources of the type
// apart; ignored ones cannot be imported.
func Imports(address, id, key string, ignored ...string) resource.TestStep {
	return resource.TestStep{
		ResourceName: address, ImportState: true, ImportStateId: id,
		ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: key, ImportStateVerifyIgnore: ignored,
	}
}

// Inspect looks at the account itself after a step, through a client that has
// done nothing before and so expects nothing. What was just made may take a
// moment to show.
func (a *Account) Inspect(look func(ctx context.Context, ram *ramapi.Client) error) resource.TestCheckFunc {
	return func(*terraform.State) error {
		err := look(context.Background(), a.newClient())
		for deadline := time.Now().Add(5 * time.Second); ramapi.IsNotFound(err) && time.Now().Before(deadline); {
			time.Sleep(100 * time.Millisecond)
			err = look(context.Background(), a.newClient())
		}
		return err
	}
}

// Gone turns "not found" into success, and success into an error.
func Gone(err error) error {
	if ramapi.IsNotFound(err) {
		return nil
	}
	return errors.Join(errors.New("it is still there"), err)
}

// KnowsAllOf checks that the plan knows every attribute of the resource: what a
// change does not touch is not shown as "known after apply".
func KnowsAllOf(address string) plancheck.PlanCheck { return knowsAllOf{address} }

type knowsAllOf struct{ address string }

func (k knowsAllOf) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	for _, change := range req.Plan.ResourceChanges {
		if change.Address != k.address {
			continue
		}
		unknown, _ := change.Change.AfterUnknown.(map[string]any)
		for name, v := range unknown {
			if v == true {
				resp.Error = errors.Join(resp.Error, fmt.Errorf("%s.%s is not known while planning", k.address, name))
			}
		}
		return
	}
	resp.Error = fmt.Errorf("the plan does not have %s", k.address)
}
