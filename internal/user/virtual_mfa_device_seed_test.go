package user_test

import (
	"fmt"
	"regexp"
	"testing"

	"filippo.io/age"
	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
)

// isEncrypted are the checks of a device whose seed the state has only encrypted.
func isEncrypted(recipient *age.X25519Recipient) []statecheck.StateCheck {
	return []statecheck.StateCheck{
		acctest.State(device, "base32_string_seed", nil),
		acctest.State(device, "qr_code_png", nil),
		acctest.State(device, "key_fingerprint", recipient.String()),
	}
}

func TestAccVirtualMFADevice_seedIsInTheStateOnlyEncrypted(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	acc.WorkAsUser(t)
	name, bob, first, second := acc.Name("alice"), acc.Name("bob"), newAge(t), newAge(t)
	config := func(to *age.X25519Identity, userName string) string {
		return fmt.Sprintf(`
			provider "ram" { advisories = "error" }
			resource "ram_user" "alice" { name = %q }
			resource "ram_user" "bob" { name = %q }`, name, bob) + deviceNamed(name, fmt.Sprintf("age_recipients = [%q]\nuser_name = %s", to.Recipient(), userName))
	}
	same := statecheck.CompareValue(compare.ValuesSame())
	encrypted := tfjsonpath.New("encrypted_base32_string_seed")
	keeps := func() []statecheck.StateCheck {
		return append(isEncrypted(first.Recipient()), same.AddStateValue(device, encrypted))
	}
	acc.Run(t,
		resource.TestStep{ // bound while the seed is at hand
			Config: config(first, "ram_user.alice.name"),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectKnownValue(device, tfjsonpath.New("base32_string_seed"), knownvalue.Null()),
				plancheck.ExpectUnknownValue(device, encrypted),
			}},
			ConfigStateChecks: keeps(),
			Check: resource.ComposeTestCheckFunc(holds(acc, name, name), func(s *terraform.State) error {
				seed, err := opened(s.RootModule().Resources[device].Primary.Attributes["encrypted_base32_string_seed"], first)
				if err == nil && !regexp.MustCompile(`^[A-Z2-7]{16,}=*$`).MatchString(seed) {
					err = fmt.Errorf("what is encrypted is no seed")
				}
				return err
			}),
		},
		resource.TestStep{ // for the next seed
			Config:            config(second, "ram_user.alice.name"),
			ConfigPlanChecks:  resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{onlyChanges(device, "age_recipients")}},
			ConfigStateChecks: keeps(),
			Check:             holds(acc, name, name),
		},
		resource.TestStep{Config: config(second, "ram_user.alice.name"), ConfigPlanChecks: acctest.PlansNothing()},
		resource.TestStep{
			Config: config(second, "ram_user.bob.name"), PlanOnly: true,
			ExpectError: regexp.MustCompile(`(?s)whose seed is encrypted cannot be bound\s+again.+-replace`),
		},
		resource.TestStep{Config: config(second, "null"), ConfigStateChecks: keeps(), Check: holds(acc, name, "")},
		acctest.Imports(device, name, "serial_number", "age_recipients", "encrypted_base32_string_seed", "key_fingerprint"),
	)
}

func TestAccVirtualMFADevice_recipientsAreJudgedWhilePlanningOrBeforeTheCall(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	acc.WorkAsUser(t)
	calls := len(acc.Server.Calls())
	refused := func(config, message string) resource.TestStep {
		return resource.TestStep{Config: config, PlanOnly: true, ExpectError: regexp.MustCompile(message)}
	}
	later := func(key string) string {
		return fmt.Sprintf(`resource "terraform_data" "key" { input = %s }`, key) + deviceNamed("phone", "pgp_key = terraform_data.key.output")
	}
	const strict = "provider \"ram\" { advisories = \"error\" }\n"
	acc.Run(t,
		refused(strict+deviceNamed("phone", ""), `(?s)seed of an MFA device in plain text.+pgp_key\s+or\s+age_recipients`),
		refused(deviceNamed("phone", `pgp_key = "`+pgpKeyOf(t, 3, 86400)+`"`), `has\s+expired`),
		refused(deviceNamed("phone", `age_recipients = ["age1broken"]`), `not\s+an\s+age\s+public\s+key`),
		resource.TestStep{Config: later(`"` + pgpKeyOf(t, 4, 86400) + `"`), ExpectError: regexp.MustCompile(`has\s+expired`)},
		resource.TestStep{Config: strict + later("null"), ExpectError: regexp.MustCompile(`(?s)in plain text`)},
	)
	if writes := acc.Writes(calls); len(writes) > 0 {
		t.Errorf("%s was called for what is known to be wrong", writes)
	}
	identity := newAge(t)
	encrypted := deviceNamed("tablet", fmt.Sprintf("age_recipients = [%q]", identity.Recipient()))
	acc.Run(t,
		resource.TestStep{Config: deviceNamed("tablet", "")},
		resource.TestStep{ // what is in plain text is encrypted at once
			PreConfig: func() { calls = len(acc.Server.Calls()) }, Config: encrypted, ConfigStateChecks: isEncrypted(identity.Recipient()),
			Check: func(*terraform.State) error {
				if writes := acc.Writes(calls); len(writes) > 0 {
					return fmt.Errorf("the calls %v were made to encrypt a seed", writes)
				}
				return nil
			},
		},
		resource.TestStep{Config: encrypted, ConfigPlanChecks: acctest.PlansNothing()},
	)
	key := pgpKeyOf(t, 4, 0)
	acc.Run(t,
		resource.TestStep{
			Config: later(`"` + key + `"`),
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State(device, "base32_string_seed", nil),
				acctest.State(device, "encrypted_base32_string_seed", knownvalue.NotNull()),
			},
		},
		resource.TestStep{Config: deviceNamed("phone", `pgp_key = "`+key+`"`), ConfigPlanChecks: acctest.Plans(device, plancheck.ResourceActionNoop)},
		refused(deviceNamed("phone", `pgp_key = "`+pgpKeyOf(t, 3, 86400)+`"`), `has\s+expired`),
	)
}
