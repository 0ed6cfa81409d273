package user_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// clock is that of a private server. Tests put it forward where RAM may want new
// codes, so that nobody waits for them.
type clock struct{ ahead atomic.Int64 }

func (c *clock) setUp(s *ramserver.Server) {
	s.Now = func() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }
}

func (c *clock) advance() { c.ahead.Add(int64(time.Minute)) }

const device = "ram_virtual_mfa_device.phone"

func deviceNamed(name, attributes string) string {
	return fmt.Sprintf(`
		resource "ram_virtual_mfa_device" "phone" {
		  name = %q
		  %s
		}`, name, attributes)
}

// deviceOf is a device that is bound to a user.
func deviceOf(userName string) string {
	return fmt.Sprintf(`resource "ram_user" "alice" { name = %q }`, userName) + deviceNamed(userName, "user_name = ram_user.alice.name")
}

// find gives the device of the name, as a client that knows nothing sees it.
func find(ctx context.Context, ram *ramapi.Client, name string) (ramapi.VirtualMFADevice, error) {
	serial, err := ram.MFADeviceSerialNumber(ctx, name)
	if err != nil {
		return ramapi.VirtualMFADevice{}, err
	}
	return ram.VirtualMFADevice(ctx, serial)
}

// holds checks whom the account has the device bound to, empty for nobody.
func holds(acc *acctest.Account, name, userName string) resource.TestCheckFunc {
	return acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
		d, err := find(ctx, ram, name)
		if err == nil && d.UserName != userName {
			err = fmt.Errorf("the device is bound to %q, not to %q", d.UserName, userName)
		}
		return err
	})
}

// sameSeed checks that each step it is used in has the same seed.
func sameSeed() func() []statecheck.StateCheck {
	same := statecheck.CompareValue(compare.ValuesSame())
	return func() []statecheck.StateCheck {
		return []statecheck.StateCheck{same.AddStateValue(device, tfjsonpath.New("base32_string_seed"))}
	}
}

func TestAccVirtualMFADevice_isCreatedReadAndImported(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("phone")
	secret := []string{"base32_string_seed", "qr_code_png"}
	imports := acctest.Imports(device, "", "serial_number", secret...)
	imports.ImportStateIdFunc = func(s *terraform.State) (string, error) {
		return s.RootModule().Resources[device].Primary.Attributes["serial_number"], nil
	}
	acc.Run(t,
		resource.TestStep{
			Config:           deviceNamed(name, ""),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectUnknownValue(device, tfjsonpath.New("serial_number"))}},
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State(device, "name", name),
				acctest.State(device, "serial_number", knownvalue.StringRegexp(regexp.MustCompile(`^acs:ram::\d{16}:mfa/`+name+`$`))),
				acctest.State(device, "base32_string_seed", knownvalue.StringRegexp(regexp.MustCompile(`^[A-Z2-7]{16,}=*$`))),
				acctest.State(device, "qr_code_png", knownvalue.StringRegexp(regexp.MustCompile(`^data:image/png;base64,iVBOR\S+$`))),
				acctest.State(device, "user_name", nil),
				acctest.State(device, "user_id", nil),
				acctest.State(device, "activate_date", nil),
				statecheck.ExpectSensitiveValue(device, tfjsonpath.New("base32_string_seed")),
				statecheck.ExpectSensitiveValue(device, tfjsonpath.New("qr_code_png")),
			},
			Check: holds(acc, name, ""),
		},
		imports,
		acctest.Imports(device, name, "serial_number", secret...),
		resource.TestStep{Config: deviceNamed(name, ""), ConfigPlanChecks: acctest.PlansNothing()},
	)
}

func TestAccVirtualMFADevice_isImportedByIdentity(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	config := deviceOf(acc.Name("alice"))
	resource.Test(t, resource.TestCase{
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)},
		ProtoV6ProviderFactories: acc.Factories(),
		Steps: []resource.TestStep{
			{Config: config},
			{ResourceName: device, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity, Config: config},
		},
	})
}

func TestAccVirtualMFADevice_importRefusesWhatIsNoDevice(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	for _, id := range []string{"alice@example.com", "acs:ram::1234567890123456:user/alice", "acs:ram::1234567890123456:mfa/", "GAHT12345678_u2f"} {
		acc.Run(t, resource.TestStep{
			Config: deviceNamed("phone", ""), ResourceName: device, ImportState: true, ImportStateId: id,
			ExpectError: regexp.MustCompile(`neither\s+the\s+serial\s+number`),
		})
	}
}

func TestAccVirtualMFADevice_isBoundMovedAndUnboundInPlace(t *testing.T) {
	t.Parallel()
	var now clock
	acc := acctest.NewLocal(t, now.setUp)
	name, alice, bob := acc.Name("phone"), acc.Name("alice"), acc.Name("bob")
	config := func(attributes string) string {
		return fmt.Sprintf(`
			resource "ram_user" "alice" { name = %q }
			resource "ram_user" "bob" { name = %q }`, alice, bob) + deviceNamed(name, attributes)
	}
	keeps := sameSeed()
	updates := acctest.Plans(device, plancheck.ResourceActionUpdate)
	bound := func(to string) []statecheck.StateCheck {
		return append(keeps(),
			statecheck.CompareValuePairs(device, tfjsonpath.New("user_id"), "ram_user."+to, tfjsonpath.New("user_id"), compare.ValuesSame()),
			acctest.State(device, "activate_date", knownvalue.NotNull()),
		)
	}
	acc.Run(t,
		resource.TestStep{Config: config(""), ConfigStateChecks: keeps(), Check: holds(acc, name, "")},
		resource.TestStep{
			Config: config("user_name = ram_user.alice.name"), ConfigPlanChecks: updates,
			ConfigStateChecks: bound("alice"), Check: holds(acc, name, alice),
		},
		resource.TestStep{Config: config("user_name = ram_user.alice.name"), ConfigPlanChecks: acctest.PlansNothing()},
		resource.TestStep{
			PreConfig: now.advance, Config: config("user_name = ram_user.bob.name"), ConfigPlanChecks: updates,
			ConfigStateChecks: bound("bob"), Check: holds(acc, name, bob),
		},
		resource.TestStep{
			Config: config(""),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(device, plancheck.ResourceActionUpdate), acctest.KnowsAllOf(device),
			}},
			ConfigStateChecks: append(keeps(), acctest.State(device, "user_name", nil), acctest.State(device, "user_id", nil), acctest.State(device, "activate_date", nil)),
			Check:             holds(acc, name, ""),
		},
	)
}

func TestAccVirtualMFADevice_isCreatedWithItsUserAndDestroyedBeforeIt(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	alice := acc.Name("alice")
	acc.Run(t,
		resource.TestStep{
			Config: deviceOf(alice),
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State(device, "user_name", alice),
				statecheck.CompareValuePairs(device, tfjsonpath.New("user_id"), "ram_user.alice", tfjsonpath.New("user_id"), compare.ValuesSame()),
			},
			Check: holds(acc, alice, alice),
		},
		resource.TestStep{Config: deviceOf(alice), ConfigPlanChecks: acctest.PlansNothing()},
	)
}

func TestAccVirtualMFADevice_ofAnotherNameIsAnotherDevice(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	alice, first, second := acc.Name("alice"), acc.Name("one"), acc.Name("two")
	config := func(name string) string {
		return fmt.Sprintf(`resource "ram_user" "alice" { name = %q }`, alice) + deviceNamed(name, "user_name = ram_user.alice.name")
	}
	differs := statecheck.CompareValue(compare.ValuesDiffer())
	seed := func() []statecheck.StateCheck {
		return []statecheck.StateCheck{differs.AddStateValue(device, tfjsonpath.New("base32_string_seed"))}
	}
	acc.Run(t,
		resource.TestStep{Config: config(first), ConfigStateChecks: seed()},
		resource.TestStep{
			Config:            config(second),
			ConfigPlanChecks:  acctest.Plans(device, plancheck.ResourceActionDestroyBeforeCreate),
			ConfigStateChecks: seed(),
			Check: resource.ComposeTestCheckFunc(holds(acc, second, alice), acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
				_, err := find(ctx, ram, first)
				return acctest.Gone(err)
			})),
		},
	)
}

func TestAccVirtualMFADevice_staysWithAUserWhoIsRenamed(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name, alice, alicia := acc.Name("phone"), acc.Name("alice"), acc.Name("alicia")
	config := func(userName string) string {
		return fmt.Sprintf(`resource "ram_user" "alice" { name = %q }`, userName) + deviceNamed(name, "user_name = ram_user.alice.name")
	}
	before := 0
	acc.Run(t,
		resource.TestStep{Config: config(alice)},
		resource.TestStep{ // by Terraform
			PreConfig: func() {
				if acc.Server != nil {
					before = len(acc.Server.Calls())
				}
			},
			Config: config(alicia),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(device, plancheck.ResourceActionUpdate), onlyChanges(device, "user_name"),
			}},
			Check: resource.ComposeTestCheckFunc(holds(acc, name, alicia), func(*terraform.State) error {
				if acc.Server != nil && !slices.Equal(acc.Writes(before), []string{"UpdateUser"}) {
					return fmt.Errorf("a rename made the calls %s", acc.Writes(before))
				}
				return nil
			}),
		},
		resource.TestStep{ // in the console
			PreConfig:         func() { rename(t, acc, alicia, alice) },
			Config:            config(alice),
			ConfigPlanChecks:  acctest.Plans(device, plancheck.ResourceActionNoop),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State(device, "user_name", alice)},
			Check:             holds(acc, name, alice),
		},
	)
}

func TestAccVirtualMFADevice_unboundElsewhereIsBoundAgain(t *testing.T) {
	t.Parallel()
	var now clock
	acc := acctest.NewLocal(t, now.setUp)
	alice := acc.Name("alice")
	keeps := sameSeed()
	acc.Run(t,
		resource.TestStep{Config: deviceOf(alice), ConfigStateChecks: keeps()},
		resource.TestStep{
			PreConfig: func() {
				d, err := find(t.Context(), acc.Client(), alice)
				must(t, err)
				must(t, acc.Client().UnbindMFADevice(t.Context(), alice, d.SerialNumber))
				now.advance()
			},
			Config:            deviceOf(alice),
			ConfigPlanChecks:  acctest.Plans(device, plancheck.ResourceActionUpdate),
			ConfigStateChecks: keeps(),
			Check:             holds(acc, alice, alice),
		},
	)
}

func TestAccVirtualMFADevice_boundToSomebodyElseShowsAndIsMovedBack(t *testing.T) {
	t.Parallel()
	var now clock
	acc := acctest.NewLocal(t, now.setUp)
	alice, bob := acc.Name("alice"), acc.Name("bob")
	createUser(t, acc, bob)
	var seed string
	move := func() {
		d, err := find(t.Context(), acc.Client(), alice)
		must(t, err)
		u, err := acc.Client().User(t.Context(), bob, "")
		must(t, err)
		now.advance()
		must(t, acc.Client().UnbindMFADevice(t.Context(), alice, d.SerialNumber))
		_, err = acc.Client().BindMFADevice(t.Context(), d.SerialNumber, seed, ramapi.Principal{Kind: ramapi.KindUser, Name: bob, ID: u.ID})
		must(t, err)
		now.advance()
	}
	acc.Run(t,
		resource.TestStep{
			Config: deviceOf(alice),
			Check: resource.TestCheckResourceAttrWith(device, "base32_string_seed", func(value string) error {
				seed = value
				return nil
			}),
		},
		resource.TestStep{
			PreConfig: move, RefreshState: true, ExpectNonEmptyPlan: true,
			Check: resource.TestCheckResourceAttr(device, "user_name", bob),
		},
		resource.TestStep{Config: deviceOf(alice), ConfigPlanChecks: acctest.Plans(device, plancheck.ResourceActionUpdate), Check: holds(acc, alice, alice)},
	)
}

func TestAccVirtualMFADevice_deletedElsewhereIsRecreated(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	alice := acc.Name("alice")
	acc.Run(t,
		resource.TestStep{Config: deviceOf(alice)},
		resource.TestStep{
			PreConfig: func() {
				d, err := find(t.Context(), acc.Client(), alice)
				must(t, err)
				must(t, acc.Client().RemoveMFADevice(t.Context(), alice, d.SerialNumber))
			},
			Config:           deviceOf(alice),
			ConfigPlanChecks: acctest.Plans(device, plancheck.ResourceActionCreate),
			Check:            holds(acc, alice, alice),
		},
	)
}

// late lets the next three calls of an action answer that there is nothing, on a
// server whose clock stands still: nothing gets old.
type late struct{ left atomic.Int32 }

func (l *late) begin() { l.left.Store(3) }

func (l *late) setUp(action, nothing string) func(*ramserver.Server) {
	now := time.Now()
	return func(s *ramserver.Server) {
		s.Now = func() time.Time { return now }
		s.Intercept = func(c ramserver.Call) *ramserver.Fault {
			if c.Action == action && l.left.Add(-1) >= 0 {
				return &ramserver.Fault{Status: http.StatusOK, ContentType: "application/json", Body: nothing}
			}
			return nil
		}
	}
}

func TestAccVirtualMFADevice_isNotTakenForGoneWhileItDoesNotShowEverywhere(t *testing.T) {
	t.Parallel()
	var list late
	acc := acctest.NewLocal(t, list.setUp("ListVirtualMFADevices", `{"VirtualMFADevices":{"VirtualMFADevice":[]}}`))
	config := deviceNamed(acc.Name("phone"), "")
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{PreConfig: list.begin, Config: config, ConfigPlanChecks: acctest.PlansNothing()},
	)
}

func TestAccVirtualMFADevice_isNotTakenFromAUserWhomThePlanDidNotShow(t *testing.T) {
	t.Parallel()
	var lists atomic.Int32
	var acc *acctest.Account
	acc = acctest.NewLocal(t, func(s *ramserver.Server) {
		s.Intercept = func(c ramserver.Call) *ramserver.Fault {
			if c.Action == "ListVirtualMFADevices" && lists.Add(1) == 2 { // the first is that of the plan
				return &ramserver.Fault{Status: http.StatusOK, ContentType: "application/json", Body: fmt.Sprintf(`{"VirtualMFADevices":{"VirtualMFADevice":[
					{"SerialNumber":%q,"ActivateDate":"2026-03-01T12:00:00Z","User":{"UserId":"1","UserName":"mallory"}}]}}`, "acs:ram::1234567890123456:mfa/"+acc.Name("alice"))}
			}
			return nil
		}
	})
	alice := acc.Name("alice")
	unbound := fmt.Sprintf(`resource "ram_user" "alice" { name = %q }`, alice) + deviceNamed(alice, "")
	acc.Run(t,
		resource.TestStep{Config: deviceOf(alice)},
		resource.TestStep{
			PreConfig: func() { lists.Store(0) }, Config: unbound,
			ExpectError: regexp.MustCompile(`(?s)Unable to unbind.*bound\s+to\s+RAM\s+user\s+"mallory"\s+now`),
		},
		resource.TestStep{Config: unbound, Check: holds(acc, alice, "")},
	)
}

func TestAccVirtualMFADevice_goesWithAUserWhoIsDestroyedByForceWhicheverComesFirst(t *testing.T) {
	t.Parallel()
	for _, slow := range []string{"DeleteVirtualMFADevice", "UnbindMFADevice", "DisableVirtualMFA", "ListVirtualMFADevices"} {
		t.Run(slow, func(t *testing.T) {
			t.Parallel()
			var destroying atomic.Bool
			acc := acctest.NewLocal(t, func(s *ramserver.Server) {
				s.Intercept = func(c ramserver.Call) *ramserver.Fault {
					if c.Action == slow && destroying.Load() {
						return &ramserver.Fault{Delay: 400 * time.Millisecond}
					}
					return nil
				}
			})
			alice := acc.Name("alice")
			user := fmt.Sprintf(`
				resource "ram_user" "alice" {
				  name          = %q
				  force_destroy = true
				}`, alice)
			acc.Run(t,
				resource.TestStep{Config: user},
				resource.TestStep{ // neither depends on the other
					Config: user + deviceNamed(alice, fmt.Sprintf("user_name = %q", alice)),
					Check:  func(*terraform.State) error { destroying.Store(true); return nil },
				},
			)
		})
	}
}

func TestAccVirtualMFADevice_thatGoesWhileItIsDeletedIsContent(t *testing.T) {
	t.Parallel()
	for action, code := range map[string]string{"UnbindMFADevice": "EntityNotExist.User.MFADevice", "DeleteVirtualMFADevice": "EntityNotExist.VirtualMFADevice"} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			var gone atomic.Bool
			acc := acctest.NewLocal(t, func(s *ramserver.Server) {
				s.Intercept = func(c ramserver.Call) *ramserver.Fault {
					if c.Action == action && gone.CompareAndSwap(false, true) {
						return &ramserver.Fault{After: true, Status: http.StatusNotFound, Code: code, Message: "gone"}
					}
					return nil
				}
			})
			acc.Run(t, resource.TestStep{Config: deviceOf(acc.Name("alice"))})
			if !gone.Load() {
				t.Error("the device was not deleted")
			}
		})
	}
}

func TestAccVirtualMFADevice_existingOneIsNotTakenOver(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("phone")
	d, err := acc.Client().CreateVirtualMFADevice(t.Context(), name)
	must(t, err)
	t.Cleanup(func() { must(t, acc.Client().DeleteVirtualMFADevice(context.Background(), d.SerialNumber)) })
	acc.Run(t, resource.TestStep{
		Config:      deviceNamed(name, ""),
		ExpectError: regexp.MustCompile(`(?s)Unable to create virtual MFA device.*terraform\s+import\s+ram_virtual_mfa_device\.NAME\s+` + name),
	})
}

func TestAccVirtualMFADevice_userWithAnotherDeviceIsRefusedBeforeOneIsMade(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	alice, second := acc.Name("alice"), acc.Name("second")
	acc.Run(t,
		resource.TestStep{Config: deviceOf(alice)},
		resource.TestStep{
			Config: deviceOf(alice) + fmt.Sprintf(`
				resource "ram_virtual_mfa_device" "second" {
				  name      = %q
				  user_name = ram_user.alice.name
				}`, second),
			ExpectError: regexp.MustCompile(`(?s)has another MFA device.*:mfa/` + alice),
		},
		resource.TestStep{
			Config: deviceOf(alice),
			Check: acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
				_, err := find(ctx, ram, second)
				return errors.Join(acctest.Gone(err), holds(acc, alice, alice)(nil))
			}),
		},
	)
}

func TestAccVirtualMFADevice_importedOneIsNotBound(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name, alice := acc.Name("phone"), acc.Name("alice")
	_, err := acc.Client().CreateVirtualMFADevice(t.Context(), name)
	must(t, err)
	imported := fmt.Sprintf(`
		import {
		  to = ram_virtual_mfa_device.phone
		  id = %q
		}
		resource "ram_user" "alice" { name = %q }`, name, alice)
	refused := regexp.MustCompile(`(?s)An imported MFA device cannot be bound.*-replace`)
	acc.Run(t,
		resource.TestStep{
			Config:            imported + deviceNamed(name, ""),
			ConfigPlanChecks:  acctest.Plans(device, plancheck.ResourceActionNoop),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State(device, "base32_string_seed", nil), acctest.State(device, "qr_code_png", nil)},
		},
		resource.TestStep{Config: imported + deviceNamed(name, "user_name = ram_user.alice.name"), PlanOnly: true, ExpectError: refused},
		resource.TestStep{ // the name is known only in the apply
			Config: imported + deviceNamed(name, "user_name = terraform_data.name.output") + `
				resource "terraform_data" "name" { input = ram_user.alice.name }`,
			ExpectError: refused,
		},
		resource.TestStep{Config: imported + deviceNamed(name, ""), Check: holds(acc, name, "")},
	)
}

func TestAccVirtualMFADevice_isInTheStateThoughItCannotBeBound(t *testing.T) {
	t.Parallel()
	var refused atomic.Bool
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		s.Intercept = func(c ramserver.Call) *ramserver.Fault {
			if c.Action == "BindMFADevice" && refused.CompareAndSwap(false, true) {
				return &ramserver.Fault{Status: http.StatusForbidden, Code: "NoPermission", Message: "You may not do this."}
			}
			return nil
		}
	})
	alice := acc.Name("alice")
	acc.Run(t,
		resource.TestStep{Config: deviceOf(alice), ExpectError: regexp.MustCompile(`Unable to bind virtual MFA device`)},
		resource.TestStep{ // the half-made device is replaced, not left behind
			Config:           deviceOf(alice),
			ConfigPlanChecks: acctest.Plans(device, plancheck.ResourceActionDestroyBeforeCreate),
			Check:            holds(acc, alice, alice),
		},
	)
}

func TestAccVirtualMFADevice_wrongValuesAreRefusedWhilePlanning(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	for name, message := range map[string]string{"my_phone": `has the\s+character '_'`, "": `has 0\s+characters`, strings.Repeat("a", 65): `has 65\s+characters`} {
		acc.Run(t, resource.TestStep{Config: deviceNamed(name, ""), PlanOnly: true, ExpectError: regexp.MustCompile(message)})
	}
	acc.Run(t, resource.TestStep{Config: deviceNamed("phone", `user_name = "alice@example.com"`), PlanOnly: true, ExpectError: regexp.MustCompile(`has the\s+character '@'`)})
	if writes := acc.Writes(0); len(writes) > 0 {
		t.Errorf("%s was called for what is known to be wrong", writes)
	}
}

func TestAccVirtualMFADevice_isPlannedWithUnknownValues(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	config := func(tick int) string {
		return fmt.Sprintf(`
			resource "terraform_data" "given" {
			  input            = { device = %q, user = %q }
			  triggers_replace = %d
			}
			resource "ram_user" "alice" { name = terraform_data.given.output.user }
			resource "ram_virtual_mfa_device" "phone" {
			  name      = %[1]q
			  user_name = terraform_data.given.output.user
			  depends_on = [ram_user.alice]
			}`, acc.Name("phone"), acc.Name("alice"), tick)
	}
	keeps := sameSeed()
	acc.Run(t,
		resource.TestStep{Config: config(1), ConfigStateChecks: keeps(), Check: holds(acc, acc.Name("phone"), acc.Name("alice"))},
		resource.TestStep{ // the name is unknown again while planning: no reason to unbind
			Config:            config(2),
			ConfigPlanChecks:  acctest.Plans(device, plancheck.ResourceActionUpdate),
			ConfigStateChecks: keeps(),
			Check:             holds(acc, acc.Name("phone"), acc.Name("alice")),
		},
	)
}

func TestAccVirtualMFADevice_manyAreReadByOneCall(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	config := fmt.Sprintf(`
		resource "ram_virtual_mfa_device" "all" {
		  count = 30
		  name  = "%s-${count.index}"
		}`, acc.Name("phone"))
	var before int
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{PreConfig: func() { before = acc.CallsOf("ListVirtualMFADevices") }, RefreshState: true},
		resource.TestStep{
			PreConfig: func() {
				if n := acc.CallsOf("ListVirtualMFADevices") - before; n == 0 || n > 2 {
					t.Errorf("%d lists to refresh and to plan 30 devices", n)
				}
			},
			Config: config,
		},
	)
}
