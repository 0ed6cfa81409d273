package user_test

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// inAnotherConfiguration gives a PreConfig that imports the user into another
// configuration, applies it with the arguments, and lets go of the user again.
func inAnotherConfiguration(t *testing.T, acc *acctest.Account, name, arguments string) func() {
	return func() {
		t.Helper()
		acc.Run(t,
			resource.TestStep{Config: fmt.Sprintf(`
				import {
				  to = ram_user.alice
				  id = %[1]q
				}
				resource "ram_user" "alice" {
				  name = %[1]q
				  %[2]s
				}`, name, arguments)},
			resource.TestStep{Config: `
				removed {
				  from = ram_user.alice
				  lifecycle { destroy = false }
				}`},
		)
	}
}

// signIns looks at what RAM says of the login and of the keys of the user, in
// the order of the resources named; an empty one is not there.
func signIns(acc *acctest.Account, name, loginStatus string, keys map[string]string) resource.TestCheckFunc {
	return func(state *terraform.State) error {
		want := map[string]string{}
		for address, status := range keys {
			id := address
			if r := state.RootModule().Resources[address]; r != nil {
				id = r.Primary.Attributes["access_key_id"]
			}
			want[id] = status
		}
		return acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
			p, err := ram.LoginProfile(ctx, name)
			if loginStatus == "" {
				err = acctest.Gone(err)
			}
			if err != nil {
				return err
			}
			has, err := ram.AccessKeys(ctx, name)
			got := map[string]string{}
			for _, k := range has {
				got[k.ID] = k.Status
			}
			if err == nil && (p.Status != loginStatus || !maps.Equal(got, want)) {
				err = fmt.Errorf("RAM has the login %q and the keys %v, want %q and %v", p.Status, got, loginStatus, want)
			}
			return err
		})(state)
	}
}

// frozen checks that the user is frozen, or is not, and has these tags of its own.
func frozen(acc *acctest.Account, name string, want bool, tags map[string]string) resource.TestCheckFunc {
	return acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
		u, err := ram.User(ctx, name, "")
		if err == nil && ((u.Freeze != nil) != want || !maps.Equal(u.Tags, tags)) {
			err = fmt.Errorf("RAM has the freeze %v and the tags %v", u.Freeze, u.Tags)
		}
		return err
	})
}

// activate makes a key of a frozen user active all the same, as somebody in the
// console can.
func activate(t *testing.T, acc *acctest.Account, name, id string) {
	t.Helper()
	const mark = "ram-provider:frozen"
	ctx := t.Context()
	u, err := acc.Client().User(ctx, name, "")
	must(t, err)
	record := map[string]string{mark: "true"}
	for _, k := range u.Freeze.AccessKeys {
		record[mark+":key:"+k] = "Active"
	}
	if u.Freeze.Login {
		record[mark+":login"] = "Active"
	}
	must(t, acc.Client().TagUser(ctx, name, u.ID, ramapi.TagChange{Remove: slices.Collect(maps.Keys(record))}))
	must(t, acc.Client().SetAccessKeyStatus(ctx, name, id, "Active"))
	must(t, acc.Client().TagUser(ctx, name, u.ID, ramapi.TagChange{Set: record}))
}

func statuses(status string, addresses ...string) []statecheck.StateCheck {
	var all []statecheck.StateCheck
	for _, address := range addresses {
		all = append(all, acctest.State(address, "effective_status", status))
	}
	return all
}

func TestAccFreeze_byOneConfigurationIsKeptByAnotherThatManagesTheLoginAndTheKeys(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("alice")
	const on, off = "ram_access_key.on", "ram_access_key.off"
	config := func(password string, version int, onStatus, offStatus string) string {
		return loginOf(name, passwordWO(password, version)) + fmt.Sprintf(`
			resource "ram_access_key" "on" {
			  user_name = %[1]q
			  %[2]s
			}
			resource "ram_access_key" "off" {
			  user_name = %[1]q
			  status    = %[3]q
			}`, name, onStatus, offStatus)
	}
	createUser(t, acc, name)
	first := config(firstPassword, 1, "", "Inactive")
	acc.Run(t,
		resource.TestStep{
			Config:            first,
			ConfigStateChecks: append(statuses("Active", login, on), statuses("Inactive", off)...),
		},
		resource.TestStep{
			PreConfig:        inAnotherConfiguration(t, acc, name, `frozen = true`),
			Config:           first,
			ConfigPlanChecks: acctest.PlansNothing(),
			ConfigStateChecks: append(statuses("Inactive", login, on, off),
				acctest.State(login, "status", "Active"), acctest.State(on, "status", "Active"), acctest.State(off, "status", "Inactive")),
			Check: resource.ComposeTestCheckFunc(
				signIns(acc, name, "Inactive", map[string]string{on: "Inactive", off: "Inactive"}),
				frozen(acc, name, true, nil)),
		},
		resource.TestStep{ // what is changed meanwhile holds once the user is unfrozen
			Config: config(secondPassword, 2, `status = "Inactive"`, "Active"),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(login, plancheck.ResourceActionUpdate), plancheck.ExpectResourceAction(off, plancheck.ResourceActionUpdate), acctest.KnowsAllOf(on),
			}},
			ConfigStateChecks: append(statuses("Inactive", login, on, off), acctest.State(off, "status", "Active")),
			Check: resource.ComposeTestCheckFunc(
				signIns(acc, name, "Inactive", map[string]string{on: "Inactive", off: "Inactive"}), passwordIs(acc, name, secondPassword)),
		},
		resource.TestStep{Config: config(secondPassword, 2, `status = "Inactive"`, "Active"), ConfigPlanChecks: acctest.Settled()},
		resource.TestStep{
			PreConfig:         inAnotherConfiguration(t, acc, name, `frozen = false`),
			Config:            config(secondPassword, 2, `status = "Inactive"`, "Active"),
			ConfigPlanChecks:  acctest.PlansNothing(),
			ConfigStateChecks: append(statuses("Active", login, off), statuses("Inactive", on)...),
			Check: resource.ComposeTestCheckFunc(
				signIns(acc, name, "Active", map[string]string{on: "Inactive", off: "Active"}),
				frozen(acc, name, false, nil)),
		},
	)
}

func TestAccFreeze_ofANewUserHoldsWhatIsMadeAndRemovingItLetsGo(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("alice")
	const alice, bot, spare = "ram_user.alice", "ram_access_key.bot", "ram_access_key.spare"
	config := func(user, loginStatus string) string {
		return fmt.Sprintf(`
			resource "ram_user" "alice" {
			  name = %q
			  %s
			}
			resource "ram_login_profile" "alice" {
			  user_name = ram_user.alice.name
			  %s
			  %s
			}
			resource "ram_access_key" "bot" { user_name = ram_user.alice.name }
			resource "ram_access_key" "spare" {
			  user_name = ram_user.alice.name
			  status    = "Inactive"
			}`, name, user, passwordWO(firstPassword, 1), loginStatus)
	}
	tags := map[string]string{"team": "ops"}
	allOff := signIns(acc, name, "Inactive", map[string]string{bot: "Inactive", spare: "Inactive"})
	acc.Run(t,
		resource.TestStep{
			Config: config(`frozen = true`, ""),
			ConfigStateChecks: append(statuses("Inactive", login, bot, spare), acctest.State(alice, "frozen", true), acctest.State(alice, "tags", nil),
				acctest.State(login, "status", "Active"), acctest.State(bot, "status", "Active"), acctest.State(spare, "status", "Inactive")),
			Check: allOff,
		},
		resource.TestStep{ // tags are changed beside the record, and never show it
			Config:            config("frozen = true\ntags = { team = \"ops\" }", ""),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State(alice, "tags_all", knownvalue.MapExact(map[string]knownvalue.Check{"team": knownvalue.StringExact("ops")}))},
			Check:             resource.ComposeTestCheckFunc(allOff, frozen(acc, name, true, tags)),
		},
		acctest.Imports(alice, name, "name"),
		acctest.Imports(login, name, "user_name", "password_wo_version"),
		resource.TestStep{
			Config: config(`tags = { team = "ops" }`, ""),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(alice, plancheck.ResourceActionUpdate), plancheck.ExpectResourceAction(bot, plancheck.ResourceActionNoop), acctest.KnowsAllOf(alice),
			}},
			ConfigStateChecks: []statecheck.StateCheck{acctest.State(alice, "frozen", false)},
			Check: resource.ComposeTestCheckFunc(
				signIns(acc, name, "Active", map[string]string{bot: "Active", spare: "Inactive"}), frozen(acc, name, false, tags)),
		},
		resource.TestStep{ // a freeze and a change of what it switches off, in one apply
			Config: config(`frozen = true`, `mfa_bind_required = false`),
			Check:  resource.ComposeTestCheckFunc(allOff, frozen(acc, name, true, nil)),
		},
		resource.TestStep{
			Config:            config(`frozen = true`, `mfa_bind_required = false`),
			ConfigPlanChecks:  acctest.PlansNothing(),
			ConfigStateChecks: statuses("Inactive", login, bot, spare),
		},
		resource.TestStep{
			Config: config(`frozen = false`, ""),
			Check:  signIns(acc, name, "Active", map[string]string{bot: "Active", spare: "Inactive"}),
		},
	)
}

func TestAccFreeze_byTheActionStaysUnderAConfigurationThatSaysNothing(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("bot")
	const bot = "ram_user.bot"
	config := func(frozen string) string {
		return fmt.Sprintf(`
			resource "ram_user" "bot" {
			  name = %q
			  %s
			}
			resource "ram_access_key" "key" { user_name = ram_user.bot.name }`, name, frozen)
	}
	var id string
	is := func(status string) resource.TestCheckFunc {
		return signIns(acc, name, "", map[string]string{"ram_access_key.key": status})
	}
	acc.Run(t,
		resource.TestStep{Config: config(""), Check: keyOf(&id), ConfigStateChecks: []statecheck.StateCheck{acctest.State(bot, "frozen", false)}},
		resource.TestStep{
			PreConfig:         func() { invoke(t, acc, "ram_freeze_user", name, false) },
			Config:            config(""),
			ConfigPlanChecks:  acctest.PlansNothing(),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State(bot, "frozen", true)},
			Check:             is("Inactive"),
		},
		resource.TestStep{ // it is still not this configuration's, so nothing is undone
			PreConfig:        func() { activate(t, acc, name, id) },
			Config:           config(`comments = "watched"`),
			ConfigPlanChecks: acctest.Plans(bot, plancheck.ResourceActionUpdate),
			Check:            is("Active"),
		},
		resource.TestStep{
			Config:            config(`frozen = true`),
			ConfigPlanChecks:  acctest.Plans(bot, plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State(bot, "frozen", true)},
			Check:             is("Inactive"),
		},
		resource.TestStep{
			PreConfig:        func() { invoke(t, acc, "ram_unfreeze_user", name, false) },
			Config:           config(""),
			ConfigPlanChecks: acctest.PlansNothing(),
			Check:            is("Active"),
		},
		resource.TestStep{ // the mark of the first freeze is forgotten
			PreConfig:        func() { invoke(t, acc, "ram_freeze_user", name, false) },
			Config:           config(""),
			ConfigPlanChecks: acctest.PlansNothing(),
			Check:            is("Inactive"),
		},
	)
}

// invoke invokes the action, and gives what it reported and its diagnostics. A
// failure is wanted or ends the test.
func invoke(t *testing.T, acc *acctest.Account, action, name string, fails bool) (progress []string, diags []string) {
	t.Helper()
	progress, all := acc.Protocol(t, nil).Invoke(t.Context(), t, action, map[string]tftypes.Value{"user_name": tftypes.NewValue(tftypes.String, name)})
	failed := false
	for _, d := range all {
		failed = failed || d.Severity == tfprotov6.DiagnosticSeverityError
		diags = append(diags, d.Summary+": "+d.Detail)
	}
	if failed != fails {
		t.Fatalf("%s of %s: %v", action, name, diags)
	}
	return progress, diags
}

// saying checks that each text is in the line at its place.
func saying(t *testing.T, lines []string, parts ...string) {
	t.Helper()
	if len(lines) != len(parts) {
		t.Errorf("got %q, want lines with %q", lines, parts)
		return
	}
	for i, part := range parts {
		if !strings.Contains(lines[i], part) {
			t.Errorf("got %q, want lines with %q", lines, parts)
		}
	}
}

func TestAccFreezeAction_switchesEverythingOffAndUnfreezeRestoresWhatWasOnBeforeTheFirst(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name, ctx := acc.Name("alice"), t.Context()
	createLogin(t, acc, name, firstPassword)
	old, err := acc.Client().CreateAccessKey(ctx, name)
	must(t, err)
	must(t, acc.Client().SetAccessKeyStatus(ctx, name, old.ID, "Inactive"))
	first, err := acc.Client().CreateAccessKey(ctx, name)
	must(t, err)
	is := func(login string, keys map[string]string) {
		t.Helper()
		if err := signIns(acc, name, login, keys)(terraform.NewState()); err != nil {
			t.Error(err)
		}
	}

	progress, _ := invoke(t, acc, "ram_freeze_user", name, false)
	saying(t, progress, "was on: the console login and access key "+first.ID, "Inactive now: access key "+first.ID, "Inactive now: the console login")
	is("Inactive", map[string]string{old.ID: "Inactive", first.ID: "Inactive"})

	// Another key takes the place of the old one, and is switched off by the next freeze.
	must(t, acc.Client().DeleteAccessKey(ctx, name, old.ID))
	second, err := acc.Client().CreateAccessKey(ctx, name)
	must(t, err)
	progress, _ = invoke(t, acc, "ram_freeze_user", name, false)
	saying(t, progress, "was on: access key "+second.ID, "Inactive now: access key "+second.ID)
	progress, _ = invoke(t, acc, "ram_freeze_user", name, false)
	saying(t, progress, "was on: nothing")
	is("Inactive", map[string]string{first.ID: "Inactive", second.ID: "Inactive"})

	must(t, acc.Client().DeleteAccessKey(ctx, name, first.ID))
	progress, _ = invoke(t, acc, "ram_unfreeze_user", name, false)
	saying(t, progress, "No longer there: access key "+first.ID, "Active now: access key "+second.ID, "Active now: the console login", "Removing the record")
	is("Active", map[string]string{second.ID: "Active"})
	progress, _ = invoke(t, acc, "ram_unfreeze_user", name, false)
	saying(t, progress, "not frozen")
	if u, err := acc.Client().User(ctx, name, ""); err != nil || u.Freeze != nil {
		t.Errorf("the user is left with the record %v, %v", u.Freeze, err)
	}

	_, diags := invoke(t, acc, "ram_freeze_user", acc.Name("nobody"), true)
	saying(t, diags, "Unable to find RAM user")
	_, diags = invoke(t, acc, "ram_unfreeze_user", "no such name", true)
	saying(t, diags, "user_name")
}

func TestAccFreezeAction_ofAUserWithAllTagsFreezesAndSaysThatItCannotBeUndone(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("alice")
	const alice = "ram_user.alice"
	config := func(frozen string, tags int) string {
		return fmt.Sprintf(`
			resource "ram_user" "alice" {
			  name   = %q
			  tags   = { for i in range(%d) : "t${i}" => "" }
			  %s
			}
			resource "ram_access_key" "key" { user_name = ram_user.alice.name }`, name, tags, frozen)
	}
	acc.Run(t,
		resource.TestStep{Config: config("", 20)},
		resource.TestStep{Config: config("frozen = true", 20), ExpectError: regexp.MustCompile(`No room for the record of a freeze`)},
		resource.TestStep{
			// The plan makes room, and the freeze comes first: for that the user is frozen, and not yet for what was on.
			Config:      config("frozen = true", 19),
			ExpectError: regexp.MustCompile(`(?s)Unable to freeze RAM user.*switched off all the same.*access\s+key\s+LTAI`),
		},
		resource.TestStep{
			PreConfig: func() {
				_, diags := invoke(t, acc, "ram_unfreeze_user", name, false)
				saying(t, diags)
			},
			Config: config("frozen = true", 18),
			Check:  signIns(acc, name, "", map[string]string{"ram_access_key.key": "Inactive"}),
		},
		resource.TestStep{
			PreConfig: func() {
				u, err := acc.Client().User(t.Context(), name, "")
				must(t, err)
				invoke(t, acc, "ram_unfreeze_user", name, false)
				must(t, acc.Client().TagUser(t.Context(), name, u.ID, ramapi.TagChange{Set: map[string]string{"x": "", "y": ""}}))
				_, diags := invoke(t, acc, "ram_freeze_user", name, false)
				saying(t, diags, "is not recorded")
			},
			Config:            config("frozen = false", 18),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State(alice, "frozen", false)},
		},
	)
}

func TestAccFreeze_ofTheVeryUserThatItIsAuthenticatedAsIsRefused(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	name, ctx := acc.Name("admin"), t.Context()
	createUser(t, acc, name)
	key, err := acc.Client().CreateAccessKey(ctx, name)
	must(t, err)
	must(t, acc.Client().AttachPolicy(ctx, "AdministratorAccess", "System", ramapi.Principal{Kind: ramapi.KindUser, Name: name}))
	acc.SetEnv("ALIBABA_CLOUD_ACCESS_KEY_ID", key.ID)
	acc.SetEnv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", key.Secret)
	_, diags := invoke(t, acc, "ram_freeze_user", name, true)
	saying(t, diags, "authenticated as that very user")
	config := func(frozen string) string {
		return fmt.Sprintf(`
			import {
			  to = ram_user.admin
			  id = %[1]q
			}
			resource "ram_user" "admin" {
			  name = %[1]q
			  %[2]s
			}`, name, frozen)
	}
	acc.Run(t,
		resource.TestStep{Config: config(`frozen = true`), ExpectError: regexp.MustCompile(`authenticated as\s+that\s+very\s+user`)},
		resource.TestStep{Config: config(``)},
		resource.TestStep{Config: `
			removed {
			  from = ram_user.admin
			  lifecycle { destroy = false }
			}`},
	)
}

func TestAccFreeze_isAskedAboutOnlyWhereSomethingIsOff(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	name := acc.Name("bot")
	createUser(t, acc, name)
	config := fmt.Sprintf(`
		resource "ram_access_key" "key" {
		  user_name = %[1]q
		  status    = "Active"
		}`, name)
	var id string
	var since int
	count := func(want int) func() {
		return func() {
			n := 0
			for _, c := range acc.Server.Calls()[since:] {
				if c.Action == "GetUser" {
					n++
				}
			}
			if n != want {
				t.Errorf("the user was asked for %d times, want %d", n, want)
			}
			since = len(acc.Server.Calls())
		}
	}
	acc.Run(t,
		resource.TestStep{Config: config, Check: keyOf(&id)},
		resource.TestStep{PreConfig: func() { since = len(acc.Server.Calls()) }, Config: config, PlanOnly: true},
		resource.TestStep{PreConfig: count(0), Config: config},
	)
}
