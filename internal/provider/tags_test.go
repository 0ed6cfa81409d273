package provider_test

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// taggable is a resource that can have tags.
type taggable struct {
	address string
	config  string // %q is its name, %s its other arguments
	tags    func(ctx context.Context, ram *ramapi.Client, name string) (map[string]string, error)
	change  func(ctx context.Context, ram *ramapi.Client, name string, change ramapi.TagChange) error
}

var taggables = map[string]taggable{
	"user": {
		address: "ram_user.this",
		config: `resource "ram_user" "this" {
			name = %q
			%s
		}`,
		tags: func(ctx context.Context, ram *ramapi.Client, name string) (map[string]string, error) {
			u, err := ram.User(ctx, name, "")
			return u.Tags, err
		},
		change: func(ctx context.Context, ram *ramapi.Client, name string, change ramapi.TagChange) error {
			u, err := ram.User(ctx, name, "")
			if err != nil {
				return err
			}
			return ram.TagUser(ctx, name, u.ID, change)
		},
	},
	"role": {
		address: "ram_role.this",
		config: `resource "ram_role" "this" {
			name                        = %q
			assume_role_policy_document = jsonencode({ Version = "1", Statement = [{
				Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = ["ecs.aliyuncs.com"] }
			}] })
			%s
		}`,
		tags: func(ctx context.Context, ram *ramapi.Client, name string) (map[string]string, error) {
			return ram.RoleTags(ctx, name)
		},
		change: func(ctx context.Context, ram *ramapi.Client, name string, change ramapi.TagChange) error {
			return ram.TagRole(ctx, name, change)
		},
	},
	"policy": {
		address: "ram_policy.this",
		config: `resource "ram_policy" "this" {
			name            = %q
			policy_document = jsonencode({ Version = "1", Statement = [{ Effect = "Allow", Action = "oss:Get*", Resource = "*" }] })
			%s
		}`,
		tags: func(ctx context.Context, ram *ramapi.Client, name string) (map[string]string, error) {
			return ram.PolicyTags(ctx, name)
		},
		change: func(ctx context.Context, ram *ramapi.Client, name string, change ramapi.TagChange) error {
			return ram.TagPolicy(ctx, name, change)
		},
	},
}

// eachTaggable runs the test for a user, a role and a policy. with gives the
// resource with other arguments, has a check that RAM has exactly these tags,
// and outside a step's PreConfig that changes them from outside.
func eachTaggable(t *testing.T, test func(t *testing.T, acc *acctest.Account, tt taggableTest)) {
	t.Parallel()
	for kind, r := range taggables {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			acc := acctest.New(t)
			test(t, acc, taggableTest{taggable: r, t: t, acc: acc, name: acc.Name("tagged")})
		})
	}
}

type taggableTest struct {
	taggable
	t    *testing.T
	acc  *acctest.Account
	name string
}

func (tt taggableTest) with(arguments string) string {
	return fmt.Sprintf(tt.config, tt.name, arguments)
}

func (tt taggableTest) has(want map[string]string) resource.TestCheckFunc {
	return tt.acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
		got, err := tt.tags(ctx, ram, tt.name)
		if err == nil && !maps.Equal(got, want) {
			err = fmt.Errorf("RAM has the tags %v, want %v", got, want)
		}
		return err
	})
}

func (tt taggableTest) outside(change ramapi.TagChange) func() {
	return func() {
		if err := tt.change(tt.t.Context(), tt.acc.Client(), tt.name, change); err != nil {
			tt.t.Fatal(err)
		}
	}
}

func (tt taggableTest) state(attribute string, want map[string]string) statecheck.StateCheck {
	checks := map[string]knownvalue.Check{}
	for key, value := range want {
		checks[key] = knownvalue.StringExact(value)
	}
	return acctest.State(tt.address, attribute, knownvalue.MapExact(checks))
}

func (tt taggableTest) updated() resource.ConfigPlanChecks {
	return acctest.Plans(tt.address, plancheck.ResourceActionUpdate)
}

func TestAccTags_areSetChangedRemovedAndImported(t *testing.T) {
	eachTaggable(t, func(t *testing.T, acc *acctest.Account, tt taggableTest) {
		first := map[string]string{"team": "payments", "Cost Center": "", "站点": "杭州"}
		then := map[string]string{"team": "billing", "owner": "alice"}
		acc.Run(t,
			resource.TestStep{
				Config:            tt.with(`tags = { team = "payments", "Cost Center" = "", "站点" = "杭州" }`),
				ConfigStateChecks: []statecheck.StateCheck{tt.state("tags", first), tt.state("tags_all", first)},
				Check:             tt.has(first),
			},
			acctest.Imports(tt.address, tt.name, "name"),
			resource.TestStep{
				Config:            tt.with(`tags = { team = "billing", owner = "alice" }`),
				ConfigPlanChecks:  resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(tt.address, plancheck.ResourceActionUpdate), acctest.KnowsAllOf(tt.address)}},
				ConfigStateChecks: []statecheck.StateCheck{tt.state("tags", then), tt.state("tags_all", then)},
				Check:             tt.has(then),
			},
			resource.TestStep{
				Config:            tt.with(`tags = {}`),
				ConfigPlanChecks:  tt.updated(),
				ConfigStateChecks: []statecheck.StateCheck{tt.state("tags", nil), tt.state("tags_all", nil)},
				Check:             tt.has(nil),
			},
			resource.TestStep{
				Config:            tt.with(``),
				ConfigStateChecks: []statecheck.StateCheck{acctest.State(tt.address, "tags", nil), tt.state("tags_all", nil)},
			},
			resource.TestStep{Config: tt.with(``), ConfigPlanChecks: acctest.PlansNothing()},
		)
	})
}

func TestAccTags_ofTheProviderAreEverywhereAndTheResourcesOwnWin(t *testing.T) {
	eachTaggable(t, func(t *testing.T, acc *acctest.Account, tt taggableTest) {
		provider := func(tags string) string {
			return fmt.Sprintf("provider \"ram\" {\n default_tags {\n tags = %s\n }\n}\n", tags)
		}
		both := map[string]string{"team": "payments", "env": "test"}
		acc.Run(t,
			resource.TestStep{
				Config: provider(`{ team = "platform", env = "prod" }`) + tt.with(`tags = { team = "payments", env = "test" }`),
				ConfigStateChecks: []statecheck.StateCheck{
					tt.state("tags", both), tt.state("tags_all", both),
				},
				Check: tt.has(both),
			},
			resource.TestStep{
				Config:           provider(`{ team = "platform", env = "prod" }`) + tt.with(``),
				ConfigPlanChecks: tt.updated(),
				ConfigStateChecks: []statecheck.StateCheck{
					acctest.State(tt.address, "tags", nil), tt.state("tags_all", map[string]string{"team": "platform", "env": "prod"}),
				},
				Check: tt.has(map[string]string{"team": "platform", "env": "prod"}),
			},
			resource.TestStep{ // the same text here and there
				Config: provider(`{ team = "platform", env = "prod" }`) + tt.with(`tags = { env = "prod" }`),
				Check:  tt.has(map[string]string{"team": "platform", "env": "prod"}),
			},
			resource.TestStep{
				Config:           provider(`{ team = "platform", env = "prod" }`) + tt.with(`tags = { env = "prod" }`),
				ConfigPlanChecks: acctest.PlansNothing(),
			},
			resource.TestStep{
				Config:           provider(`{ team = "identity" }`) + tt.with(`tags = { env = "prod" }`),
				ConfigPlanChecks: tt.updated(),
				Check:            tt.has(map[string]string{"team": "identity", "env": "prod"}),
			},
			resource.TestStep{
				PreConfig:        tt.outside(ramapi.TagChange{Remove: []string{"team"}}),
				Config:           provider(`{ team = "identity" }`) + tt.with(`tags = { env = "prod" }`),
				ConfigPlanChecks: tt.updated(),
				Check:            tt.has(map[string]string{"team": "identity", "env": "prod"}),
			},
			resource.TestStep{
				Config:           tt.with(`tags = { env = "prod" }`),
				ConfigPlanChecks: tt.updated(),
				Check:            tt.has(map[string]string{"env": "prod"}),
			},
		)
	})
}

func TestAccTags_changedOutsideTerraformAreRepaired(t *testing.T) {
	eachTaggable(t, func(t *testing.T, acc *acctest.Account, tt taggableTest) {
		config := tt.with(`tags = { team = "payments", env = "prod" }`)
		want := map[string]string{"team": "payments", "env": "prod"}
		acc.Run(t,
			resource.TestStep{Config: config},
			resource.TestStep{
				PreConfig:        tt.outside(ramapi.TagChange{Remove: []string{"env"}, Set: map[string]string{"team": "other", "more": "x"}}),
				Config:           config,
				ConfigPlanChecks: tt.updated(),
				Check:            tt.has(want),
			},
			resource.TestStep{ // all of them, where none were written
				PreConfig:        tt.outside(ramapi.TagChange{Set: map[string]string{"more": "y"}}),
				Config:           tt.with(``),
				ConfigPlanChecks: tt.updated(),
				Check:            tt.has(nil),
			},
		)
	})
}

func TestAccTags_thatTheProviderIgnoresAreLeftAlone(t *testing.T) {
	eachTaggable(t, func(t *testing.T, acc *acctest.Account, tt taggableTest) {
		const provider = `provider "ram" {
			ignore_tags {
				keys         = ["scanned"]
				key_prefixes = ["auto:"]
			}
		}
		`
		foreign := map[string]string{"scanned": "yes", "auto:owner": "bot"}
		with := maps.Clone(foreign)
		with["env"] = "prod"
		acc.Run(t,
			resource.TestStep{Config: provider + tt.with(`tags = { team = "payments" }`)},
			resource.TestStep{
				PreConfig:        tt.outside(ramapi.TagChange{Set: foreign}),
				Config:           provider + tt.with(`tags = { team = "payments" }`),
				ConfigPlanChecks: acctest.PlansNothing(),
			},
			resource.TestStep{
				Config:            provider + tt.with(`tags = { env = "prod" }`),
				ConfigStateChecks: []statecheck.StateCheck{tt.state("tags_all", map[string]string{"env": "prod"})},
				Check:             tt.has(with),
			},
			resource.TestStep{
				Config: provider + tt.with(`tags = { "auto:owner" = "me" }`), PlanOnly: true,
				ExpectError: regexp.MustCompile(`(?s)"auto:owner".*ignore_tags`),
			},
			resource.TestStep{Config: provider + tt.with(`tags = { env = "prod" }`), ConfigPlanChecks: acctest.PlansNothing()},
		)
	})
}

func TestAccTags_thatRAMRefusesAreRefusedWhilePlanning(t *testing.T) {
	eachTaggable(t, func(t *testing.T, acc *acctest.Account, tt taggableTest) {
		refused := func(config, message string) resource.TestStep {
			return resource.TestStep{Config: config, PlanOnly: true, ExpectError: regexp.MustCompile(message)}
		}
		var many strings.Builder
		for i := range 20 {
			fmt.Fprintf(&many, "t%d = \"\"\n", i)
		}
		steps := []resource.TestStep{
			refused(tt.with(`tags = { "" = "x" }`), `key of 0 characters`),
			refused(tt.with(fmt.Sprintf(`tags = { x = %q }`, strings.Repeat("v", 257))), `value of 257`),
			refused(tt.with(`tags = { x = null }`), `value null`),
			refused(tt.with(`tags = { "ram-provider:frozen" = "true" }`), `this\s+provider's\s+own`),
			refused("provider \"ram\" {\n default_tags {\n tags = { one = \"more\" }\n }\n}\n"+tt.with("tags = {\n"+many.String()+"}"), `(?s)default_tags there are\s+21`),
			refused("provider \"ram\" {\n default_tags {\n tags = { one = \"more\" }\n }\n ignore_tags {\n keys = [\"one\"]\n }\n}\n"+tt.with(``), `(?s)"one".*ignore_tags`),
		}
		if tt.address == "ram_user.this" {
			steps = append(steps,
				refused(tt.with(`tags = { aliyun-x = "x" }`), `"aliyun-x" has a\s+reserved key`),
				refused("provider \"ram\" {\n default_tags {\n tags = { aliyun-x = \"x\" }\n }\n}\n"+tt.with(``), `(?s)of the\s+provider's\s+default_tags.*reserved\s+key`),
				refused(tt.with(`tags = { x = "https://example.com" }`), `reserved value`))
		}
		acc.Run(t, append(steps, resource.TestStep{Config: tt.with("tags = {\n" + many.String() + "}")})...)
	})
}

func TestAccTags_arePlannedWithUnknownValues(t *testing.T) {
	eachTaggable(t, func(t *testing.T, acc *acctest.Account, tt taggableTest) {
		later := `resource "terraform_data" "later" { input = "later" }
			`
		acc.Run(t,
			resource.TestStep{Config: later + tt.with(`tags = { when = terraform_data.later.output, team = "a" }`), Check: tt.has(map[string]string{"when": "later", "team": "a"})},
			resource.TestStep{
				Config: strings.Replace(later, `input = "later"`, `input = "even later"`, 1) + tt.with(`tags = { for t in [terraform_data.later.output] : t => "" }`),
				Check:  tt.has(map[string]string{"even later": ""}),
			},
		)
	})
}

func TestAccTags_thatCannotBeSetLeaveNoUserBehindUnsaid(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	tt := taggableTest{taggable: taggables["user"], t: t, acc: acc, name: acc.Name("tagged")}
	var granted atomic.Bool
	acc.Server.Intercept = func(call ramserver.Call) *ramserver.Fault {
		if call.Action == "TagResources" && !granted.Load() {
			return &ramserver.Fault{Status: 403, Code: "NoPermission", Message: "You are not authorized."}
		}
		return nil
	}
	acc.Run(t,
		resource.TestStep{
			Config:      tt.with(`tags = { team = "payments" }`),
			ExpectError: regexp.MustCompile(`(?s)Unable to tag RAM user.*NoPermission`),
		},
		resource.TestStep{
			PreConfig: func() { granted.Store(true) },
			Config:    tt.with(`tags = { team = "payments" }`),
			Check:     tt.has(map[string]string{"team": "payments"}),
		},
	)
}
