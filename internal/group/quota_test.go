package group_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

func TestAccGroupMembership_overTheQuotaIsCountedAndNotSent(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) { s.Quotas.GroupsPerUser = 1 })
	ram := acc.Client()
	if _, err := ram.CreateUser(t.Context(), ramapi.User{Name: "alice", DisplayName: "Alice"}); err != nil {
		t.Fatal(err)
	}
	const (
		groups = `
			provider "ram" { advisories = "off" }
			resource "ram_group" "ops" { name = "ops" }
			resource "ram_group" "developers" { name = "developers" }
			resource "ram_user" "bob" { name = "bob" }
			`
		inOps = `
			resource "ram_group_membership" "ops" {
			  group_name = ram_group.ops.name
			  user_names = ["alice", ram_user.bob.name]
			}
			`
		inDevelopers = `
			resource "ram_group_memberships_exclusive" "developers" {
			  group_name        = ram_group.developers.name
			  user_names        = ["alice"]
			  detach_on_destroy = true
			}`
	)
	acc.Run(t,
		resource.TestStep{Config: groups + inOps, Check: acc.Warns("quota|versions")},
		resource.TestStep{
			Config:      groups + inOps + inDevelopers,
			ExpectError: acctest.Said(`RAM user "alice" has 1 of 1 groups (ops), and this adds 1 more. Nothing was sent.`),
		},
		resource.TestStep{
			Config: groups + inOps,
			Check: resource.ComposeTestCheckFunc(
				acc.Warns("quota|versions", `"alice" has 1 of 1 groups \(ops\), and this plan adds 1 more`),
				acc.NeverAnswered("LimitExceeded"),
			),
		},
	)
}

// Terraform may add before it takes away; where it does not, there is room.
func TestAccGroupMembership_whoMovesMakesRoomForThemselves(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) { s.Quotas.GroupsPerUser = 1 })
	config := func(name string) string {
		return `
			provider "ram" { advisories = "off" }
			resource "ram_user" "alice" { name = "alice" }
			resource "ram_group" "ops" { name = "ops" }
			resource "ram_group" "developers" { name = "developers" }
			resource "ram_group_membership" "alice" {
			  group_name = ram_group.` + name + `.name
			  user_names = [ram_user.alice.name]
			}`
	}
	acc.Run(t,
		resource.TestStep{Config: config("ops")},
		resource.TestStep{Config: config("developers"), Check: acc.Warns("quota|versions")},
	)
}
