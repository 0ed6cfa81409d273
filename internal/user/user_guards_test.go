package user_test

import (
	"bytes"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

func TestAccUser_ofADirectoryIsLeftToIt(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		acctest.Load(t, s, map[string]any{"Users": map[string]any{
			"200000000000000001": map[string]any{"UserName": "alice", "DisplayName": "Alice", "ProvisionType": "CloudSSO"},
		}})
	})
	const imported = `
		import {
		  to = ram_user.alice
		  id = "alice"
		}
		`
	const alice = "resource \"ram_user\" \"alice\" {\n  name = \"alice\"\n  force_destroy = true\n"
	acc.Run(t,
		resource.TestStep{ // what is only configuration may change
			Config:            imported + alice + "}",
			ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_user.alice", "provision_type", "CloudSSO")},
		},
		resource.TestStep{Config: alice + "comments = \"from here\" \n}", PlanOnly: true, ExpectError: acctest.Said(`Unable to change RAM user "alice", which CloudSSO provisioned`)},
		resource.TestStep{Config: alice + "tags = { team = \"ops\" } \n}", PlanOnly: true, ExpectError: acctest.Said("the next synchronisation would undo it: change the user there")},
		resource.TestStep{Config: `resource "ram_user" "bob" { name = "bob" }`, PlanOnly: true, ExpectError: acctest.Said(`Unable to delete RAM user "alice", which CloudSSO provisioned`)},
		resource.TestStep{
			PreConfig: func() {
				if sent := acc.Writes(0); len(sent) > 0 {
					t.Errorf("%v were sent", sent)
				}
			},
			Config: `provider "ram" { manage_provisioned = true }` + "\n" + alice + "comments = \"from here\" \n}",
		},
	)
}

func TestAccUser_ofADirectorySinceThePlanIsLeftToIt(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	writes := 0
	provision := func() {
		account, err := acc.Server.Save()
		if err == nil {
			err = acc.Server.Load(bytes.ReplaceAll(account, []byte(`"ProvisionType": "Manual"`), []byte(`"ProvisionType": "SCIM"`)))
		}
		if err != nil {
			t.Error(err)
		}
		writes = len(acc.Server.Calls())
	}
	const alice, bob = `resource "ram_user" "alice" { name = "alice" }`, "\n" + `resource "ram_user" "bob" { name = "bob" }`
	acc.Run(t,
		resource.TestStep{
			Config:            alice + bob,
			ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_user.alice", "provision_type", "Manual")},
		},
		resource.TestStep{
			Config:           "resource \"ram_user\" \"alice\" {\n  name = \"alice\"\n  comments = \"new\"\n}",
			ConfigPlanChecks: acctest.Between(provision),
			ExpectError:      acctest.Said(`Unable to delete RAM user "bob", which SCIM provisioned`),
		},
		resource.TestStep{
			PreConfig: func() {
				if sent := acc.Writes(writes); len(sent) > 0 {
					t.Errorf("%v were sent", sent)
				}
			},
			Config: `provider "ram" { manage_provisioned = true }` + "\n" + alice + bob,
		},
	)
}

func TestAccAccessKey_alikeAreAllCounted(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	ram := acc.Client()
	if _, err := ram.CreateUser(t.Context(), ramapi.User{Name: "alice"}); err != nil {
		t.Fatal(err)
	}
	if _, err := ram.CreateAccessKey(t.Context(), "alice"); err != nil {
		t.Fatal(err)
	}
	acc.Run(t,
		resource.TestStep{
			Config: `provider "ram" { advisories = "off" }` + "\n" + `resource "ram_access_key" "alice" {
  count     = 2
  user_name = "alice"
}`,
			PlanOnly: true, ExpectNonEmptyPlan: true,
		},
		resource.TestStep{
			Config: `resource "terraform_data" "none" {}`,
			Check:  acc.Warns("quota|versions", `has 1 of 2 access keys \(LTAI\w+\), and this plan adds 2 more`),
		},
	)
}

func TestAccAccessKey_overTheQuotaIsCountedAndNotSent(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) { s.Quotas.Users = 1 })
	ram := acc.Client()
	if _, err := ram.CreateUser(t.Context(), ramapi.User{Name: "alice", DisplayName: "Alice"}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := ram.CreateAccessKey(t.Context(), "alice"); err != nil {
			t.Fatal(err)
		}
	}
	acc.Run(t,
		resource.TestStep{
			Config:      `provider "ram" { advisories = "off" }` + "\n" + `resource "ram_access_key" "alice" { user_name = "alice" }`,
			ExpectError: acctest.Said(`and this adds 1 more. Nothing was sent.`),
		},
		resource.TestStep{
			Config:      `resource "ram_user" "bob" { name = "bob" }`,
			ExpectError: acctest.Said(`The account has 1 of 1 users, and this adds 1 more. Nothing was sent.`),
		},
		resource.TestStep{
			Config: `resource "terraform_data" "none" {}`,
			Check: resource.ComposeTestCheckFunc(
				acc.Warns("quota|versions", `has 2 of 2 access keys \(LTAI\w+, LTAI\w+\), and this plan adds 1 more`, "has 1 of 1 users, and this plan adds 1 more"),
				acc.NeverAnswered("LimitExceeded"),
			),
		},
	)
}
