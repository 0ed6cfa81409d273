package role_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

const (
	trustECS = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":["ecs.aliyuncs.com"]}}]}`
	trustFC  = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":["fc.aliyuncs.com"]}}]}`
	// As trustECS, written otherwise.
	trustECSOtherwise = `{ "Statement": [ { "Principal": {"Service": "ecs.aliyuncs.com"}, "Action": ["sts:AssumeRole"], "Effect": "Allow" } ], "Version": "1" }`
)

func config(name, trust, more string) string {
	return fmt.Sprintf(`resource "ram_role" "builder" {
		name                        = %q
		assume_role_policy_document = %q
		%s
	}`, name, trust, more)
}

func TestAccRole_isCreatedReadAndImported(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("Builder")
	full := config(name, trustECS, `description = "builds"
		max_session_duration = 7200`)
	acc.Run(t,
		resource.TestStep{
			Config: full,
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State("ram_role.builder", "name", name),
				acctest.State("ram_role.builder", "description", "builds"),
				acctest.State("ram_role.builder", "max_session_duration", 7200),
				acctest.State("ram_role.builder", "assume_role_policy_document", trustECS),
			},
			Check: acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
				r, err := ram.Role(ctx, name)
				if err == nil && (r.Description != "builds" || r.MaxSessionDuration != 7200 || !strings.EqualFold(r.ARN[strings.LastIndex(r.ARN, "/")+1:], name)) {
					err = fmt.Errorf("RAM has %+v", r)
				}
				return err
			}),
		},
		acctest.Imports("ram_role.builder", name, "name"),
		resource.TestStep{Config: full, ConfigPlanChecks: acctest.PlansNothing()},
	)
}

func TestAccRole_isUpdatedInPlace(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("builder")
	var before ramapi.Role
	acc.Run(t,
		resource.TestStep{
			Config: config(name, trustECS, `description = "builds"
				max_session_duration = 7200`),
			Check: acc.Inspect(func(ctx context.Context, ram *ramapi.Client) (err error) {
				before, err = ram.Role(ctx, name)
				return err
			}),
		},
		resource.TestStep{
			Config: config(name, trustFC, `max_session_duration = 7200`),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("ram_role.builder", plancheck.ResourceActionUpdate),
				acctest.KnowsAllOf("ram_role.builder"),
			}},
			Check: acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
				r, err := ram.Role(ctx, name)
				if err == nil && (r.ID != before.ID || r.Description != "" || r.AssumeRolePolicyDocument != trustFC || r.MaxSessionDuration != 7200) {
					err = fmt.Errorf("RAM has %+v", r)
				}
				return err
			}),
		},
		resource.TestStep{
			Config: config(name, trustFC, "max_session_duration = 43200"),
			Check: acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
				r, err := ram.Role(ctx, name)
				if err == nil && r.MaxSessionDuration != 43200 {
					err = fmt.Errorf("the session is still %d s long", r.MaxSessionDuration)
				}
				return err
			}),
		},
		resource.TestStep{Config: config(name, trustFC, ""), ConfigPlanChecks: acctest.PlansNothing()},
	)
}

func TestAccRole_reformattedTrustPolicyPlansNothing(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("builder")
	acc.Run(t,
		resource.TestStep{Config: config(name, trustECS, "")},
		resource.TestStep{Config: config(name, trustECSOtherwise, ""), ConfigPlanChecks: acctest.PlansNothing()},
	)
}

func TestAccRole_isReplacedByAnotherName(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	acc.Run(t,
		resource.TestStep{Config: config(acc.Name("builder"), trustECS, "")},
		resource.TestStep{
			Config:           config(acc.Name("deployer"), trustECS, ""),
			ConfigPlanChecks: acctest.Plans("ram_role.builder", plancheck.ResourceActionReplace),
		},
	)
}

func TestAccRole_driftIsRepaired(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("builder")
	acc.Run(t,
		resource.TestStep{Config: config(name, trustECS, `max_session_duration = 7200`)},
		resource.TestStep{
			PreConfig: func() {
				_, err := acc.Client().UpdateRole(t.Context(), name, ramapi.RoleUpdate{
					Description: new("changed in the console"), AssumeRolePolicyDocument: new(trustFC), MaxSessionDuration: 3600,
				})
				if err != nil {
					t.Fatal(err)
				}
			},
			Config:           config(name, trustECS, `max_session_duration = 7200`),
			ConfigPlanChecks: acctest.Plans("ram_role.builder", plancheck.ResourceActionUpdate),
			Check: acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
				r, err := ram.Role(ctx, name)
				if err == nil && (r.Description != "" || r.AssumeRolePolicyDocument != trustECS || r.MaxSessionDuration != 7200) {
					err = fmt.Errorf("RAM has %+v", r)
				}
				return err
			}),
		},
	)
}

func TestAccRole_deletedOutsideTerraformIsRecreated(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("builder")
	acc.Run(t,
		resource.TestStep{Config: config(name, trustECS, "")},
		resource.TestStep{
			PreConfig: func() {
				if err := acc.Client().DeleteRole(t.Context(), name); err != nil {
					t.Fatal(err)
				}
			},
			Config:           config(name, trustECS, ""),
			ConfigPlanChecks: acctest.Plans("ram_role.builder", plancheck.ResourceActionCreate),
		},
	)
}

func TestAccRole_isNotDeletedWhilePoliciesAreAttached(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("builder")
	acc.Run(t,
		resource.TestStep{Config: config(name, trustECS, "")},
		resource.TestStep{
			PreConfig: func() {
				err := acc.Client().AttachPolicy(t.Context(), "ReadOnlyAccess", ramapi.PolicyTypeSystem, ramapi.Principal{Kind: ramapi.KindRole, Name: name})
				if err != nil {
					t.Fatal(err)
				}
			},
			Config: config(name, trustECS, ""), Destroy: true,
			ExpectError: regexp.MustCompile(`1 attached policy\s+\(ReadOnlyAccess\)`),
		},
		resource.TestStep{Config: config(name, trustECS, "force_destroy = true")},
	)
}

func TestAccRole_mistakesAreRefusedWhilePlanning(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	for config, message := range map[string]string{
		config("a role", trustECS, ""):                             `has the\s+character ' '`,
		config("r", `{"Version":"2012-10-17","Statement":[]}`, ""): `2012-10-17`,
		config("r", `not json`, ""):                                `JSON`,
		config("r", trustECS, "max_session_duration = 900"):        `3600 and 43200`,
	} {
		acc.Run(t, resource.TestStep{Config: config, PlanOnly: true, ExpectError: regexp.MustCompile(message)})
	}
	if writes := acc.Writes(0); len(writes) > 0 {
		t.Errorf("%s was called for what is known to be wrong", writes)
	}
}

func TestAccRole_thatExistsAlreadyIsRefusedWithTheImportCommand(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("builder")
	if _, err := acc.Client().CreateRole(t.Context(), ramapi.Role{Name: name, AssumeRolePolicyDocument: trustECS, MaxSessionDuration: 3600}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = acc.Client().DeleteRole(context.Background(), name) })
	acc.Run(t, resource.TestStep{
		Config:      config(name, trustECS, ""),
		ExpectError: regexp.MustCompile(`terraform import\s+ram_role\.NAME\s+` + name),
	})
}

func TestAccRole_isPlannedWithUnknownValues(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("builder")
	acc.Run(t, resource.TestStep{
		Config: fmt.Sprintf(`
			resource "terraform_data" "role" { input = { name = %q, trust = %q } }
			resource "ram_role" "builder" {
			  name                        = terraform_data.role.output.name
			  assume_role_policy_document = terraform_data.role.output.trust
			  description                 = terraform_data.role.id
			}`, name, trustECS),
		ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_role.builder", "name", name)},
	})
}

func TestAccRole_importPlansNothing(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	name := acc.Name("builder")
	if _, err := acc.Client().CreateRole(t.Context(), ramapi.Role{Name: name, AssumeRolePolicyDocument: trustECS, MaxSessionDuration: 7200}); err != nil {
		t.Fatal(err)
	}
	if _, err := acc.Client().Role(t.Context(), name); err != nil { // waits until it shows
		t.Fatal(err)
	}
	writes := len(acc.Writes(0))
	acc.Run(t, resource.TestStep{
		Config: fmt.Sprintf(`import {
			to = ram_role.builder
			id = %q
		}
		`, name) + config(name, trustECSOtherwise, ""),
		ConfigPlanChecks: acctest.Plans("ram_role.builder", plancheck.ResourceActionNoop),
		Check: acc.Inspect(func(context.Context, *ramapi.Client) error {
			if after := acc.Writes(0); len(after) != writes {
				return fmt.Errorf("the import called %s", after[writes:])
			}
			return nil
		}),
	})
}

func TestAccRole_deletedAlreadyIsDestroyed(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("builder")
	acc.Run(t,
		resource.TestStep{Config: config(name, trustECS, "")},
		resource.TestStep{
			PreConfig: func() {
				if err := acc.Client().DeleteRole(t.Context(), name); err != nil {
					t.Fatal(err)
				}
			},
			Config: config(name, trustECS, ""), Destroy: true,
		},
	)
}
