package provider_test

import (
	"slices"
	"testing"
)

// Whoever a plan makes has nothing yet, so it asks nobody what they have.
func TestPlan_asksNothingOfWhomItMakes(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	tf := s.terraform()
	before := len(s.server.Calls())
	shown, _ := tf.run(`
resource "ram_user" "alice" { name = "alice" }
resource "ram_group" "ops" { name = "ops" }
resource "ram_login_profile" "this" {
  user_name           = ram_user.alice.name
  password_wo         = "`+password+`"
  password_wo_version = 1
}
resource "ram_access_key" "this" { user_name = ram_user.alice.name }
resource "ram_policy" "all" {
  name            = "all"
  policy_document = jsonencode({ Version = "1", Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}
resource "ram_policy_attachment" "all" {
  group_name  = ram_group.ops.name
  policy_name = ram_policy.all.name
  policy_type = "Custom"
}
resource "ram_group_membership" "this" {
  group_name = ram_group.ops.name
  user_names = [ram_user.alice.name]
}`, "plan")
	if tf.failed {
		t.Fatal(shown)
	}
	var calls []string
	for _, c := range s.server.Calls()[before:] {
		calls = append(calls, c.Action)
	}
	slices.Sort(calls)
	if want := []string{"GetAccountSummary", "GetPasswordPolicy"}; !slices.Equal(calls, want) {
		t.Errorf("the plan made the calls %v, want %v", calls, want)
	}
}
