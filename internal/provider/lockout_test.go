package provider_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// operate has the provider work with a key of a user who has AdministratorAccess,
// and gives the key's id.
func operate(acc *acctest.Account, name string) (keyID string) {
	id, secret := acc.Server.Administrator(name)
	acc.SetEnv("ALIBABA_CLOUD_ACCESS_KEY_ID", id)
	acc.SetEnv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", secret)
	return id
}

// forget takes everything out of the state, and leaves the account as it is.
func forget(addresses ...string) string {
	text := ""
	for _, address := range addresses {
		text += fmt.Sprintf("removed {\n  from = %s\n  lifecycle {\n    destroy = false\n  }\n}\n", address)
	}
	return text
}

// A role is worked as, and it was assumed with a user's key: none of the three
// may go, nor may the key be turned off.
func TestAccLockout_whatARunIsAuthenticatedWithStays(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	acc.Server.Administrator("other") // so that nobody is the last administrator
	id := operate(acc, "operator")
	const trust = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1234567890123456:root"]}}]}`
	if _, err := acc.Client().CreateRole(t.Context(), ramapi.Role{Name: "deployer", AssumeRolePolicyDocument: trust}); err != nil {
		t.Fatal(err)
	}
	const provider = `
		provider "ram" {
		  assume_role {
		    role_arn = "acs:ram::1234567890123456:role/deployer"
		  }
		}
		`
	user := "resource \"ram_user\" \"operator\" { \n name = \"operator\" \n force_destroy = true \n}\n"
	key := "resource \"ram_access_key\" \"operator\" {\n user_name = \"operator\" \n status = \"Active\"\n}\n"
	role := fmt.Sprintf("resource \"ram_role\" \"deployer\" {\n name = \"deployer\" \n force_destroy = true\n assume_role_policy_document = %q\n}\n", trust)
	imports := fmt.Sprintf(`
		import {
		  to = ram_user.operator
		  id = "operator"
		}
		import {
		  to = ram_access_key.operator
		  id = "operator:%s"
		}
		import {
		  to = ram_role.deployer
		  id = "deployer"
		}`, id)
	writes := 0
	acc.Run(t,
		resource.TestStep{Config: provider + user + key + role + imports},
		resource.TestStep{
			PreConfig:   func() { writes = len(acc.Server.Calls()) },
			Config:      provider + user + role,
			PlanOnly:    true,
			ExpectError: acctest.Said("Deleting access key " + id + " would leave this run without credentials"),
		},
		resource.TestStep{
			Config:      provider + user + strings.Replace(key, "Active", "Inactive", 1) + role,
			PlanOnly:    true,
			ExpectError: acctest.Said("Turning off access key " + id + " would leave this run without credentials"),
		},
		resource.TestStep{
			Config:      provider + key + role,
			PlanOnly:    true,
			ExpectError: acctest.Said(`Deleting RAM user "operator" would leave this run without credentials`),
		},
		resource.TestStep{
			Config:      provider + user + key + strings.Replace(role, `"deployer" `, `"another" `, 1),
			PlanOnly:    true,
			ExpectError: acctest.Said(`Deleting RAM role "deployer" would leave this run without credentials`),
		},
		resource.TestStep{Config: provider + forget("ram_user.operator", "ram_access_key.operator", "ram_role.deployer")},
	)
	for _, action := range acc.Writes(writes) {
		if action != "AssumeRole" {
			t.Errorf("%s was sent", action)
		}
	}
}

func TestAccLockout_theLastAdministratorStays(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	operate(acc, "operator")
	ram := acc.Client()
	detach := func() {
		operator := ramapi.Principal{Kind: ramapi.KindUser, Name: "operator"}
		if err := ram.DetachPolicy(context.Background(), "AdministratorAccess", ramapi.PolicyTypeSystem, operator); err != nil {
			t.Error(err)
		}
	}
	const (
		people = `
			resource "ram_user" "alice" { name = "alice" }
			resource "ram_user" "bob" { name = "bob" }
			resource "ram_group" "ops" { name = "ops" }
			`
		alice = `
			resource "ram_policy_attachment" "alice" {
			  policy_name = "administratoraccess"
			  policy_type = "System"
			  user_name   = ram_user.alice.name
			}`
		ops = `
			resource "ram_policy_attachments_exclusive" "ops" {
			  group_name        = ram_group.ops.name
			  policies          = [{ policy_name = "AdministratorAccess", policy_type = "System" }]
			  detach_on_destroy = true
			}`
		bob = `
			resource "ram_group_membership" "ops" {
			  group_name = ram_group.ops.name
			  user_names = [ram_user.bob.name]
			}`
		lose = "The account would lose its last administrator"
	)
	writes := 0
	acc.Run(t,
		resource.TestStep{Config: people + alice + ops + bob},
		// In the plan the operator is an administrator, in the apply it no longer is.
		resource.TestStep{
			Config:           people + ops + strings.Replace(bob, "ram_user.bob.name", "", 1),
			ConfigPlanChecks: acctest.Between(detach),
			ExpectError:      acctest.Said(lose),
		},
		resource.TestStep{Config: people + alice + ops + bob},
		resource.TestStep{Config: people + ops + bob},
		resource.TestStep{
			PreConfig:   func() { writes = len(acc.Server.Calls()) },
			Config:      people + ops + strings.Replace(bob, "ram_user.bob.name", "", 1),
			PlanOnly:    true,
			ExpectError: acctest.Said(`Taking bob out of RAM group "ops" would leave no user and no role with AdministratorAccess`),
		},
		resource.TestStep{
			Config:      people + bob,
			PlanOnly:    true,
			ExpectError: acctest.Said(`Detaching AdministratorAccess from RAM group "ops" would leave`),
		},
		resource.TestStep{
			Config:      people + strings.Replace(ops, "[{ policy_name = \"AdministratorAccess\", policy_type = \"System\" }]", "[]", 1) + bob,
			PlanOnly:    true,
			ExpectError: acctest.Said(`Detaching AdministratorAccess from RAM group "ops" would leave`),
		},
		resource.TestStep{
			PreConfig: func() {
				if sent := acc.Writes(writes); len(sent) > 0 {
					t.Errorf("%v were sent", sent)
				}
			},
			Config: `provider "ram" { allow_lockout = true }` + people + ops + bob,
		},
	)
}

// A run must not take AdministratorAccess from itself, even where others have it.
func TestAccLockout_theCallersOwnAdministratorAccessStays(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	acc.Server.Administrator("other")
	operate(acc, "operator")
	const attachment = `
		resource "ram_policy_attachment" "operator" {
		  policy_name = "AdministratorAccess"
		  policy_type = "System"
		  user_name   = "operator"
		}
		`
	acc.Run(t,
		resource.TestStep{Config: attachment + `
			import {
			  to = ram_policy_attachment.operator
			  id = "System/AdministratorAccess/user/operator"
			}`},
		resource.TestStep{
			Config:      `resource "ram_group" "ops" { name = "ops" }`,
			PlanOnly:    true,
			ExpectError: acctest.Said("would take AdministratorAccess from whom this run works as"),
		},
		resource.TestStep{Config: forget("ram_policy_attachment.operator")},
	)
}

// The account itself needs no policy, so it is not asked who has one.
func TestAccLockout_theAccountItselfMayTakeEverythingAway(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	acc.Run(t, resource.TestStep{Config: `
		resource "ram_user" "alice" { name = "alice" }
		resource "ram_group" "ops" { name = "ops" }
		resource "ram_group_membership" "ops" {
		  group_name = ram_group.ops.name
		  user_names = [ram_user.alice.name]
		}`})
	if n := acc.CallsOf("ListEntitiesForPolicy"); n > 0 {
		t.Errorf("asked %d times who is an administrator", n)
	}
}
