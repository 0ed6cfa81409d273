package user_test

import (
	"encoding/base64"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"filippo.io/age/armor"
	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

func newAge(t *testing.T) *age.X25519Identity {
	t.Helper()
	identity, err := age.GenerateX25519Identity()
	must(t, err)
	return identity
}

// pgpKeyOf gives a public key that was made some days ago, and expires after as
// many seconds, never for 0.
func pgpKeyOf(t *testing.T, daysAgo int, lifetime uint32) string {
	t.Helper()
	made := time.Now().AddDate(0, 0, -daysAgo)
	entity, err := openpgp.NewEntity("Alice", "", "alice@example.com", &packet.Config{Time: func() time.Time { return made }, KeyLifetimeSecs: lifetime})
	must(t, err)
	var key strings.Builder
	must(t, entity.Serialize(&key))
	return base64.StdEncoding.EncodeToString([]byte(key.String()))
}

// opened decrypts an armored age file.
func opened(sealed string, identity *age.X25519Identity) (string, error) {
	reader, err := age.Decrypt(armor.NewReader(strings.NewReader(sealed)), identity)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(reader)
	return string(text), err
}

// setPolicy sets the account's password policy from outside Terraform.
func setPolicy(t *testing.T, acc *acctest.Account, policy ramapi.PasswordPolicy) {
	t.Helper()
	_, err := acc.Client().SetPasswordPolicy(t.Context(), policy)
	must(t, err)
}

// logsOnWith checks that the login has the password that an attribute holds,
// decrypted by the identity unless that is nil.
func logsOnWith(acc *acctest.Account, name, attribute string, identity *age.X25519Identity, length int) resource.TestCheckFunc {
	return func(s *terraform.State) error {
		password := s.RootModule().Resources[login].Primary.Attributes[attribute]
		if identity != nil {
			var err error
			if password, err = opened(password, identity); err != nil {
				return err
			}
		}
		if len(password) != length {
			return fmt.Errorf("the password has %d characters, want %d", len(password), length)
		}
		return passwordIs(acc, name, password)(s)
	}
}

func TestAccLoginProfile_generatedPasswordIsInTheStateOnlyEncrypted(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	acc.WorkAsUser(t)
	setPolicy(t, acc, ramapi.PasswordPolicy{
		MinimumPasswordLength: new(int64(22)), RequireSymbols: new(true), RequireNumbers: new(true), RequireUppercaseCharacters: new(true),
		RequireLowercaseCharacters: new(true), MinimumPasswordDifferentCharacter: new(int64(8)), PasswordNotContainUserName: new(true),
	})
	name, first, second := acc.Name("alice"), newAge(t), newAge(t)
	config := func(recipient *age.X25519Identity, length, turn string) string {
		return `provider "ram" { advisories = "error" }` + userWithLogin(name, fmt.Sprintf(`
			age_recipients = [%q]
			generate_password {
			  length              = %s
			  rotate_when_changed = { turn = %q }
			}`, recipient.Recipient(), length, turn))
	}
	same, other := statecheck.CompareValue(compare.ValuesSame()), statecheck.CompareValue(compare.ValuesDiffer())
	encrypted := tfjsonpath.New("encrypted_password")
	w := &writes{acc: acc}
	acc.Run(t,
		resource.TestStep{
			Config: config(first, "null", "one"),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectUnknownValue(login, encrypted),
				plancheck.ExpectKnownValue(login, tfjsonpath.New("generated_password"), knownvalue.Null()),
				plancheck.ExpectKnownValue(login, tfjsonpath.New("key_fingerprint"), knownvalue.StringExact(first.Recipient().String())),
			}},
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State(login, "generated_password", nil),
				acctest.State(login, "password_status", "InitialValid"),
				same.AddStateValue(login, encrypted), other.AddStateValue(login, encrypted),
			},
			Check: logsOnWith(acc, name, "encrypted_password", first, 22),
		},
		resource.TestStep{ // what is said about the next one changes nothing yet
			PreConfig: w.begin, Config: config(second, "25", "one"),
			ConfigPlanChecks:  updatesOnly("age_recipients", "generate_password"),
			ConfigStateChecks: []statecheck.StateCheck{same.AddStateValue(login, encrypted), acctest.State(login, "key_fingerprint", first.Recipient().String())},
			Check:             w.are(),
		},
		resource.TestStep{
			PreConfig: w.begin, Config: config(second, "25", "two"),
			ConfigPlanChecks:  updatesOnly("generate_password", "encrypted_password", "key_fingerprint", "password_status"),
			ConfigStateChecks: []statecheck.StateCheck{other.AddStateValue(login, encrypted), acctest.State(login, "key_fingerprint", second.Recipient().String())},
			Check:             resource.ComposeTestCheckFunc(w.are("UpdateLoginProfile"), logsOnWith(acc, name, "encrypted_password", second, 25)),
		},
		resource.TestStep{Config: config(second, "25", "two"), ConfigPlanChecks: acctest.PlansNothing()},
		resource.TestStep{ // without it the password is not managed any more
			PreConfig: w.begin, Config: userWithLogin(name, ""),
			ConfigPlanChecks:  updatesOnly("age_recipients", "generate_password", "encrypted_password", "key_fingerprint"),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State(login, "encrypted_password", nil), acctest.State(login, "key_fingerprint", nil)},
			Check:             w.are(),
		},
		resource.TestStep{
			PreConfig: w.begin, Config: userWithLogin(name, "generate_password {}"),
			Check: resource.ComposeTestCheckFunc(w.are("UpdateLoginProfile"), logsOnWith(acc, name, "generated_password", nil, 22)),
		},
		resource.TestStep{ // what is in plain text is encrypted at once; a first value turns nothing
			PreConfig: w.begin, Config: config(first, "null", "one"),
			ConfigPlanChecks: updatesOnly("age_recipients", "generate_password", "generated_password", "encrypted_password", "key_fingerprint"),
			Check:            resource.ComposeTestCheckFunc(w.are(), logsOnWith(acc, name, "encrypted_password", first, 22)),
		},
	)
}

func TestAccLoginProfile_generatedPasswordIsPlannedWithUnknownValues(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	acc.WorkAsUser(t)
	name, identity := acc.Name("alice"), newAge(t)
	config := func(turn, recipients string) string {
		return fmt.Sprintf(`
			provider "ram" { advisories = "error" }
			resource "terraform_data" "given" { input = { turn = %q, length = 30, recipients = %s } }
			resource "ram_user" "alice" { name = %q }
			resource "ram_login_profile" "alice" {
			  user_name      = ram_user.alice.name
			  age_recipients = terraform_data.given.output.recipients
			  generate_password {
			    length              = terraform_data.given.output.length
			    rotate_when_changed = { turn = terraform_data.given.output.turn }
			  }
			}`, turn, recipients, name)
	}
	recipients := fmt.Sprintf("[%q]", identity.Recipient())
	unknown := func(names ...string) resource.ConfigPlanChecks {
		var checks resource.ConfigPlanChecks
		for _, n := range names {
			checks.PreApply = append(checks.PreApply, plancheck.ExpectUnknownValue(login, tfjsonpath.New(n)))
		}
		return checks
	}
	same := statecheck.CompareValue(compare.ValuesSame())
	steps := []resource.TestStep{
		{ // advice that only the apply can give is given there, before the call
			Config: config("one", "null"), ExpectError: regexp.MustCompile(`(?s)plain text in the\s+state.+advisories = "error"`),
		},
		{
			Config:            config("one", recipients),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State(login, "generated_password", nil), same.AddStateValue(login, tfjsonpath.New("encrypted_password"))},
			Check:             logsOnWith(acc, name, "encrypted_password", identity, 30),
		},
		{ // unknown while planning, and then the same: nothing is generated
			Config:            strings.ReplaceAll(config("one", recipients), "length = 30,", "length = 30, more = 1,"),
			ConfigPlanChecks:  unknown("generated_password", "encrypted_password", "key_fingerprint"),
			ConfigStateChecks: []statecheck.StateCheck{same.AddStateValue(login, tfjsonpath.New("encrypted_password"))},
		},
	}
	acc.Run(t, steps...)
}

func TestAccLoginProfile_importGeneratesNothing(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	name := acc.Name("alice")
	createLogin(t, acc, name, ownPassword)
	identity := newAge(t)
	w := &writes{acc: acc}
	config := func(turn string) string {
		return importing(name, loginOf(name, fmt.Sprintf(`
			age_recipients = [%q]
			generate_password { rotate_when_changed = { turn = %q } }`, identity.Recipient(), turn)))
	}
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acc.Factories(), Steps: []resource.TestStep{
		{
			PreConfig: w.begin, Config: config("one"),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State(login, "encrypted_password", nil), acctest.State(login, "generated_password", nil)},
			Check:             resource.ComposeTestCheckFunc(w.are(), passwordIs(acc, name, ownPassword)),
		},
		{
			PreConfig: w.begin, Config: config("two"),
			Check: resource.ComposeTestCheckFunc(w.are("UpdateLoginProfile"), logsOnWith(acc, name, "encrypted_password", identity, 20)),
		},
	}})
}

func TestAccLoginProfile_badWaysToGenerateAPasswordAreRefusedWhilePlanning(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	acc.WorkAsUser(t)
	setPolicy(t, acc, ramapi.PasswordPolicy{MinimumPasswordLength: new(int64(12))})
	calls := len(acc.Server.Calls())
	for attributes, message := range map[string]string{
		`generate_password { length = 7 }`:                                                    `between 8 and\s+32`,
		`generate_password { length = 11 }`:                                                   `wants\s+at\s+least\s+12`,
		`password = "Some-Pass-2026"` + "\n" + `generate_password {}`:                         `exclude\s+each\s+other`,
		passwordWO("Some-Pass-2026", 1) + `generate_password {}`:                              `exclude\s+each\s+other`,
		`pgp_key = "x"` + "\n" + passwordWO("Some-Pass-2026", 1):                              `add\s+generate_password`,
		`pgp_key = "` + pgpKeyOf(t, 3, 86400) + `"` + "\n" + `generate_password {}`:           `has\s+expired`,
		`pgp_key = "bm90IGEga2V5"` + "\n" + `generate_password {}`:                            `not\s+a\s+PGP\s+key`,
		`age_recipients = ["age1broken"]` + "\n" + `generate_password {}`:                     `not\s+an\s+age\s+public\s+key`,
		`pgp_key = "x"` + "\n" + `age_recipients = ["age1x"]` + "\n" + `generate_password {}`: `(?i)conflict|cannot be specified`,
	} {
		acc.Run(t, resource.TestStep{Config: loginOf("alice", attributes), PlanOnly: true, ExpectError: regexp.MustCompile(message)})
	}
	strict := `provider "ram" { advisories = "error" }`
	for attributes, message := range map[string]string{
		`generate_password {}`:        `(?s)in plain text in the\s+state.+ram_password`,
		`password = "Some-Pass-2026"`: `(?s)in plain text in the\s+state.+password_wo`,
	} {
		acc.Run(t, resource.TestStep{Config: strict + loginOf("alice", attributes), PlanOnly: true, ExpectError: regexp.MustCompile(message)})
	}
	if writes := acc.Writes(calls); len(writes) > 0 {
		t.Errorf("%s was called for what is known to be wrong", writes)
	}
}

func TestAccLoginProfile_generatesForAPGPKey(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	acc.Run(t, resource.TestStep{
		Config: userWithLogin(acc.Name("alice"), fmt.Sprintf("pgp_key = %q\ngenerate_password { length = 32 }", pgpKeyOf(t, 3, 0))),
		ConfigStateChecks: []statecheck.StateCheck{
			acctest.State(login, "generated_password", nil),
			acctest.State(login, "encrypted_password", knownvalue.StringRegexp(regexp.MustCompile(`^[A-Za-z0-9+/]{100,}=*$`))),
			acctest.State(login, "key_fingerprint", knownvalue.StringRegexp(regexp.MustCompile(`^[0-9a-f]{40,64}$`))),
		},
	})
}

func TestAccLoginProfile_generatedPasswordIsTheOneThatIsSetWhateverAnswersAreLost(t *testing.T) {
	t.Parallel()
	for _, fault := range []string{"lost-dropped", "lost-500", "unavailable-503"} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			struck := map[string]bool{}
			acc := acctest.NewLocal(t, func(s *ramserver.Server) {
				s.Intercept = func(c ramserver.Call) *ramserver.Fault {
					if c.Action != "CreateLoginProfile" && c.Action != "UpdateLoginProfile" || struck[c.Action] {
						return nil
					}
					struck[c.Action] = true
					f, _ := ramserver.NamedFault(fault)
					return &f
				}
			})
			name, identity := acc.Name("alice"), newAge(t)
			step := func(turn string) resource.TestStep {
				return resource.TestStep{
					Config: userWithLogin(name, fmt.Sprintf("age_recipients = [%q]\ngenerate_password { rotate_when_changed = { turn = %q } }", identity.Recipient(), turn)),
					Check:  logsOnWith(acc, name, "encrypted_password", identity, 20),
				}
			}
			acc.Run(t, step("one"), step("two"))
			if !struck["CreateLoginProfile"] || !struck["UpdateLoginProfile"] {
				t.Errorf("only %v was struck", struck)
			}
		})
	}
}
