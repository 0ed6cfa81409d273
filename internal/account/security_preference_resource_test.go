package account_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

func TestAccSecurityPreference_theOrderAndTheFormOfMasksDoNotMatter(t *testing.T) {
	t.Parallel()
	g := groups[1]
	for name, asNetworks := range map[string]bool{"as set": false, "as networks": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acc := acctest.NewLocal(t, func(s *ramserver.Server) { s.Unsure.MasksAsNetworks = asNetworks })
			written := g.config(`login_network_masks = ["198.51.100.7", "10.0.0.0/8"]`)
			acc.Run(t,
				resource.TestStep{Config: written, Check: g.shows(t, acc, "198.51.100.7")},
				resource.TestStep{Config: written, ConfigPlanChecks: acctest.PlansNothing()},
				resource.TestStep{
					PreConfig: func() {
						ask(t, acc, imsVersion, "SetSecurityPreference", "LoginNetworkMasks=198.51.100.7;10.0.0.0/8", "LoginSessionDuration=6")
					},
					Config: g.config(`login_network_masks = ["10.0.0.0/8", "198.51.100.7/32"]`), ConfigPlanChecks: acctest.PlansNothing(),
					ConfigStateChecks: []statecheck.StateCheck{acctest.State(g.address(), "login_network_masks",
						knownvalue.SetExact([]knownvalue.Check{knownvalue.StringExact("10.0.0.0/8"), knownvalue.StringExact("198.51.100.7")}))},
				},
				resource.TestStep{
					Config:           g.config(`login_network_masks = ["10.0.0.0/9", "198.51.100.7"]`),
					ConfigPlanChecks: acctest.Plans(g.address(), plancheck.ResourceActionUpdate),
					Check:            g.shows(t, acc, "10.0.0.0/9"),
				},
				resource.TestStep{Config: g.config(`login_network_masks = []`), Check: g.shows(t, acc, `"LoginNetworkMasks":""`)},
				resource.TestStep{Config: g.config(`login_network_masks = []`), ConfigPlanChecks: acctest.PlansNothing()},
			)
		})
	}
}

func TestAccSecurityPreference_aChangeClearsNothingElse(t *testing.T) {
	t.Parallel()
	g := groups[1]
	acc := acctest.NewLocal(t)
	ask(t, acc, imsVersion, "SetSecurityPreference", g.odd...)
	acc.Run(t,
		resource.TestStep{
			Config: g.config("max_idle_days_for_users = 90"),
			Check: g.shows(t, acc, `10.0.0.0/8`, `198.51.100.7`, `"LoginSessionDuration":9`, `"OperationForRiskLogin":"enforceVerify"`, `"EnableSaveMFATicket":true`,
				`"AllowUserToManageAccessKeys":true`, `"MFAOperationForLogin":"adaptive"`, `"VerificationTypes":["sms","email"]`, `"MaxIdleDaysForAccessKeys":90`),
		},
	)
}

func TestAccSecurityPreference_mandatoryMFAShowsInLoginProfiles(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) { s.Unsure.MFAForced = false })
	config := func(operation string) string {
		return `
			resource "ram_user" "alice" { name = "` + acc.Name("alice") + `" }
			resource "ram_login_profile" "alice" {
			  user_name           = ram_user.alice.name
			  password_wo         = "An-1nitial-Passw0rd!"
			  password_wo_version = 1
			  mfa_bind_required   = false
			}
			resource "ram_security_preference" "this" { mfa_operation_for_login = "` + operation + `" }`
	}
	acc.Run(t,
		resource.TestStep{
			Config:            config("independent"),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_login_profile.alice", "effective_mfa_bind_required", false)},
		},
		resource.TestStep{Config: config("mandatory")},
		resource.TestStep{
			Config: config("mandatory"), ConfigPlanChecks: acctest.PlansNothing(),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_login_profile.alice", "effective_mfa_bind_required", true)},
		},
	)
}
