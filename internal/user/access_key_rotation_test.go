package user_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"filippo.io/age/armor"
	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// keySecrets gives the secrets of all keys of the account, as the server knows them.
func keySecrets(t *testing.T, acc *acctest.Account) map[string]string {
	t.Helper()
	saved, err := acc.Server.Save()
	must(t, err)
	var account struct {
		AccessKeys map[string]struct{ AccessKeySecret string }
	}
	must(t, json.Unmarshal(saved, &account))
	secrets := map[string]string{}
	for id, key := range account.AccessKeys {
		secrets[id] = key.AccessKeySecret
	}
	return secrets
}

// hasKeys checks the keys that a user has, each as its id and status.
func hasKeys(acc *acctest.Account, userName string, want ...func() string) resource.TestCheckFunc {
	return acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
		keys, err := ram.AccessKeys(ctx, userName)
		var have, wanted []string
		for _, k := range keys {
			have = append(have, k.ID+" "+k.Status)
		}
		for _, w := range want {
			wanted = append(wanted, w())
		}
		slices.Sort(have)
		slices.Sort(wanted)
		if err == nil && !slices.Equal(have, wanted) {
			err = fmt.Errorf("RAM has the keys %q, wanted %q", have, wanted)
		}
		return err
	})
}

func with(id *string, status string) func() string {
	return func() string { return *id + " " + status }
}

const keyAttributes = "ram_access_key.key"

func TestAccAccessKey_turnsInTwoSlots(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("app")
	config := func(rest string) string {
		return fmt.Sprintf(`
			resource "ram_user" "app" { name = %q }
			resource "ram_access_key" "key" {
			  user_name = ram_user.app.name
			  %s
			}`, name, rest)
	}
	var first, second, third, fourth string
	// The plan after a turn has the change of the previous key.
	turn := func(rest string, checks ...resource.TestCheckFunc) resource.TestStep {
		return resource.TestStep{Config: config(rest), Check: resource.ComposeTestCheckFunc(checks...), ExpectNonEmptyPlan: true}
	}
	onlyPrevious := func(attributes ...string) resource.ConfigPlanChecks {
		return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{onlyChanges(keyAttributes, attributes...)}}
	}
	acc.Run(t,
		resource.TestStep{Config: config(``), Check: resource.ComposeTestCheckFunc(keyOf(&first), resource.TestCheckNoResourceAttr(keyAttributes, "previous_access_key_id"))},
		// The first values are merely recorded.
		resource.TestStep{
			Config:           config(`rotate_when_changed = { turn = "1" }`),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{acctest.KnowsAllOf(keyAttributes)}},
			Check:            hasKeys(acc, name, with(&first, "Active")),
		},
		turn(`rotate_when_changed = { turn = "2" }`,
			keyOf(&second), hasKeys(acc, name, with(&first, "Active"), with(&second, "Active")),
			resource.TestCheckResourceAttrPtr(keyAttributes, "previous_access_key_id", &first),
			resource.TestCheckResourceAttr(keyAttributes, "previous_access_key_status", "Active"),
			resource.TestCheckResourceAttrSet(keyAttributes, "access_key_secret")),
		resource.TestStep{
			Config: config(`rotate_when_changed = { turn = "2" }`), ConfigPlanChecks: onlyPrevious("previous_access_key_status"),
			Check: hasKeys(acc, name, with(&first, "Inactive"), with(&second, "Active")),
		},
		// Back to the last one, in a hurry.
		resource.TestStep{
			Config: config(`
				rotate_when_changed = { turn = "2" }
				previous_key        = "active"`),
			ConfigPlanChecks: onlyPrevious("previous_key", "previous_access_key_status"),
			Check:            hasKeys(acc, name, with(&first, "Active"), with(&second, "Active")),
		},
		// Whoever turns it off elsewhere has a reason, and the key before the last goes with the next turn.
		resource.TestStep{
			PreConfig: func() { must(t, acc.Client().SetAccessKeyStatus(t.Context(), name, first, "Inactive")) },
			Config: config(`
				rotate_when_changed = { turn = "3" }
				previous_key        = "active"`),
			Check: resource.ComposeTestCheckFunc(keyOf(&third), hasKeys(acc, name, with(&second, "Active"), with(&third, "Active"))),
		},
		// Two turns, and nothing between them.
		turn(`
			rotate_when_changed = { turn = "4" }
			previous_key        = "delete"`,
			keyOf(&fourth), hasKeys(acc, name, with(&third, "Active"), with(&fourth, "Active"))),
		resource.TestStep{
			Config: config(`
				rotate_when_changed = { turn = "4" }
				previous_key        = "delete"`),
			ConfigPlanChecks: onlyPrevious("previous_access_key_id", "previous_access_key_status"),
			Check:            resource.ComposeTestCheckFunc(hasKeys(acc, name, with(&fourth, "Active")), resource.TestCheckNoResourceAttr(keyAttributes, "previous_access_key_id")),
		},
	)
}

func TestAccAccessKey_doesNotTurnWhereAnotherKeyIsInTheWay(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("app")
	createUser(t, acc, name)
	config := func(turn int) string {
		return fmt.Sprintf(`
			resource "ram_access_key" "key" {
			  user_name           = %q
			  rotate_when_changed = { turn = "%d" }
			}`, name, turn)
	}
	var first, foreign string
	acc.Run(t,
		resource.TestStep{Config: config(1), Check: keyOf(&first)},
		resource.TestStep{
			PreConfig: func() {
				key, err := acc.Client().CreateAccessKey(t.Context(), name)
				must(t, err)
				foreign = key.ID
			},
			Config: config(2), ExpectError: regexp.MustCompile(`(?s)has no room for another access key.*there is\s+LTAI`),
		},
		resource.TestStep{Config: config(1), Check: hasKeys(acc, name, with(&first, "Active"), with(&foreign, "Active"))},
	)
}

func TestAccAccessKey_secretIsOnlyEncryptedForTheRecipient(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	name := acc.Name("app")
	identity, err := age.GenerateX25519Identity()
	must(t, err)
	hourAgo := &packet.Config{Time: func() time.Time { return time.Now().Add(-time.Hour) }}
	entity, err := openpgp.NewEntity("App", "", "app@example.com", hourAgo)
	must(t, err)
	hourAgo.KeyLifetimeSecs = 60
	expired, err := openpgp.NewEntity("App", "", "app@example.com", hourAgo)
	must(t, err)
	public := func(e *openpgp.Entity) string {
		var binary strings.Builder
		must(t, e.Serialize(&binary))
		return base64.StdEncoding.EncodeToString([]byte(binary.String()))
	}
	config := func(rest string) string {
		return fmt.Sprintf(`
			resource "ram_user" "app" { name = %q }
			resource "ram_access_key" "key" {
			  user_name = ram_user.app.name
			  %s
			}`, name, rest)
	}
	pgp := fmt.Sprintf("pgp_key = %q", public(entity))
	toAge := fmt.Sprintf("age_recipients = [%q]", identity.Recipient().String())
	opened := func(open func(sealed string) (io.Reader, error)) resource.TestCheckFunc {
		return func(state *terraform.State) error {
			attributes := state.RootModule().Resources[keyAttributes].Primary.Attributes
			if plain, found := attributes["access_key_secret"]; found && plain != "" {
				return fmt.Errorf("the secret is in the state in plain text")
			}
			reader, err := open(attributes["encrypted_secret"])
			if err != nil {
				return err
			}
			secret, err := io.ReadAll(reader)
			if want := keySecrets(t, acc)[attributes["access_key_id"]]; err == nil && (want == "" || string(secret) != want) {
				err = fmt.Errorf("what was decrypted is not the secret of the key")
			}
			return err
		}
	}
	openPGP := opened(func(sealed string) (io.Reader, error) {
		binary := base64.NewDecoder(base64.StdEncoding, strings.NewReader(sealed))
		message, err := openpgp.ReadMessage(binary, openpgp.EntityList{entity}, nil, nil)
		if err != nil {
			return nil, err
		}
		return message.UnverifiedBody, nil
	})
	openAge := opened(func(sealed string) (io.Reader, error) {
		return age.Decrypt(armor.NewReader(strings.NewReader(sealed)), identity)
	})
	acc.Run(t,
		resource.TestStep{Config: config(fmt.Sprintf("pgp_key = %q", public(expired))), ExpectError: regexp.MustCompile(`(?s)Unable to encrypt to pgp_key.*has\s+expired`), PlanOnly: true},
		resource.TestStep{Config: config(`age_recipients = ["age1nonsense"]`), ExpectError: regexp.MustCompile(`(?s)Unable to encrypt to age_recipients.*is not an age public key`), PlanOnly: true},
		resource.TestStep{Config: config(pgp), Check: resource.ComposeTestCheckFunc(openPGP,
			resource.TestCheckResourceAttr(keyAttributes, "key_fingerprint", fmt.Sprintf("%x", entity.PrimaryKey.Fingerprint)))},
		resource.TestStep{Config: config(fmt.Sprintf("pgp_key = %q", public(expired))), ExpectError: regexp.MustCompile(`(?s)Unable to encrypt to pgp_key.*has\s+expired`), PlanOnly: true},
		// Another recipient counts for the next secret, here that of a turn.
		resource.TestStep{Config: config(toAge + "\nrotate_when_changed = { turn = 1 }"), Check: openPGP},
		resource.TestStep{Config: config(toAge + "\nrotate_when_changed = { turn = 2 }"), ExpectNonEmptyPlan: true, Check: resource.ComposeTestCheckFunc(openAge,
			resource.TestCheckResourceAttr(keyAttributes, "key_fingerprint", identity.Recipient().String()))},
		// A key that was made without, and is encrypted afterwards.
		resource.TestStep{Config: config(`rotate_when_changed = { turn = 3 }`), ExpectNonEmptyPlan: true, Check: resource.TestCheckResourceAttrSet(keyAttributes, "access_key_secret")},
		resource.TestStep{
			Config: config(pgp + "\nrotate_when_changed = { turn = 3 }"), Check: openPGP,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				onlyChanges(keyAttributes, "pgp_key", "access_key_secret", "encrypted_secret", "key_fingerprint", "previous_access_key_status"),
			}},
		},
	)
}

// What decides is known only in the apply: whether the key is turned, and for
// whom its secret is encrypted. Its user gets another name by the same applies.
func TestAccAccessKey_turnsWithUnknownValuesWhileItsUserIsRenamed(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	one, two := acc.Name("one"), acc.Name("two")
	identity, err := age.GenerateX25519Identity()
	must(t, err)
	config := func(name, note, turn, rest string) string {
		return fmt.Sprintf(`
			resource "terraform_data" "given" { input = { note = %q, turn = %q, recipient = %q } }
			resource "ram_user" "app" { name = %q }
			resource "ram_access_key" "key" {
			  user_name           = ram_user.app.name
			  age_recipients      = [terraform_data.given.output.recipient]
			  rotate_when_changed = { turn = terraform_data.given.output.turn }
			  %s
			}`, note, turn, identity.Recipient().String(), name, rest)
	}
	var first, second, third, sealed string
	sealedNow := func(value string) error {
		sealed = value
		return nil
	}
	encrypted := resource.ComposeTestCheckFunc(
		resource.TestCheckNoResourceAttr(keyAttributes, "access_key_secret"),
		resource.TestCheckResourceAttr(keyAttributes, "key_fingerprint", identity.Recipient().String()))
	acc.Run(t,
		resource.TestStep{Config: config(one, "a", "1", ""), Check: resource.ComposeTestCheckFunc(
			keyOf(&first), encrypted, resource.TestCheckResourceAttrWith(keyAttributes, "encrypted_secret", sealedNow))},
		resource.TestStep{Config: config(two, "b", "1", ""), Check: resource.ComposeTestCheckFunc( // it was no turn
			hasKeys(acc, two, with(&first, "Active")), encrypted,
			resource.TestCheckResourceAttrPtr(keyAttributes, "encrypted_secret", &sealed),
			resource.TestCheckNoResourceAttr(keyAttributes, "previous_access_key_id"))},
		resource.TestStep{Config: config(one, "b", "2", ""), ExpectNonEmptyPlan: true, Check: resource.ComposeTestCheckFunc(
			keyOf(&second), hasKeys(acc, one, with(&first, "Active"), with(&second, "Active")), encrypted,
			resource.TestCheckResourceAttrPtr(keyAttributes, "previous_access_key_id", &first))},
		resource.TestStep{ // the previous key is gone, and nobody misses it
			PreConfig: func() { must(t, acc.Client().DeleteAccessKey(t.Context(), one, first)) },
			Config:    config(one, "b", "2", ""), ConfigPlanChecks: acctest.PlansNothing(),
			Check: resource.TestCheckNoResourceAttr(keyAttributes, "previous_access_key_id"),
		},
		// While the new key is off, the old one is left as it is. The end deletes both.
		resource.TestStep{Config: config(one, "b", "3", `status = "Inactive"`), Check: resource.ComposeTestCheckFunc(
			keyOf(&third), hasKeys(acc, one, with(&second, "Active"), with(&third, "Inactive")))},
	)
}

func TestAccAccessKey_secretInPlainTextIsAnAdvisory(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	// The account's root is an advisory of its own.
	id, secret := acc.Server.Administrator("administrator")
	acc.SetEnv("ALIBABA_CLOUD_ACCESS_KEY_ID", id)
	acc.SetEnv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", secret)
	name := acc.Name("app")
	config := func(advisories, rest string) string {
		return fmt.Sprintf(`
			provider "ram" { advisories = %q }
			resource "terraform_data" "none" { input = { key = null } }
			resource "ram_user" "app" { name = %q }
			resource "ram_access_key" "key" {
			  user_name = ram_user.app.name
			  %s
			}`, advisories, name, rest)
	}
	refused := regexp.MustCompile(`(?s)The secret will be in the state in plain text.*pgp_key`)
	made := 0
	acc.Run(t,
		resource.TestStep{Config: config("error", ""), PlanOnly: true, ExpectError: refused},
		// That there is nobody to encrypt it for is known only in the apply.
		resource.TestStep{Config: config("error", "pgp_key = terraform_data.none.output.key"), ExpectError: refused},
		resource.TestStep{
			PreConfig: func() { made = acc.CallsOf("CreateAccessKey") },
			Config:    config("off", ""),
		},
		// A secret that is there already is nobody's surprise.
		resource.TestStep{Config: config("error", `status = "Inactive"`)},
	)
	if made > 0 {
		t.Error("a key was made although its secret has nowhere to go")
	}
}

// Who answers a leak turns the key and freezes the user at once: neither key may
// work then, and afterwards only the new one.
func TestAccAccessKey_turnsWhileItsUserIsFrozen(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("app")
	config := func(turn int, frozen bool) string {
		return fmt.Sprintf(`
			resource "ram_user" "app" {
			  name   = %q
			  frozen = %t
			}
			resource "ram_access_key" "key" {
			  user_name           = ram_user.app.name
			  status              = "Active"
			  rotate_when_changed = { turn = "%d" }
			}`, name, frozen, turn)
	}
	var first, second string
	acc.Run(t,
		resource.TestStep{Config: config(1, false), Check: keyOf(&first)},
		resource.TestStep{
			Config: config(2, true), ExpectNonEmptyPlan: true,
			Check: resource.ComposeTestCheckFunc(keyOf(&second), hasKeys(acc, name, with(&first, "Inactive"), with(&second, "Inactive")),
				resource.TestCheckResourceAttr("ram_access_key.key", "effective_status", "Inactive"),
				acc.Warns("previous access key", `is still there: \S+ is off while the user is frozen, and Active afterwards unless an apply comes before\. The next apply turns it off\.`)),
		},
		resource.TestStep{Config: config(2, true), Check: hasKeys(acc, name, with(&first, "Inactive"), with(&second, "Inactive"))},
		resource.TestStep{Config: config(2, false), Check: hasKeys(acc, name, with(&first, "Inactive"), with(&second, "Active"))},
	)
}
