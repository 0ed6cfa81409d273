package account_test

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" // the RPC signature is HMAC-SHA1 by definition
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http/httptest"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

const (
	ramVersion = "2015-05-01"
	imsVersion = "2019-08-15"
)

// group is one of the account's groups of settings, for what is true of both.
type group struct {
	resourceType string
	noun         string // of its actions, and of its answers
	odd          []string
	configs      []string // some settings, others, and others again
	reset        []string // what reset makes of odd, as JSON, beside what it leaves alone
}

var groups = []group{
	{
		resourceType: "ram_password_policy",
		noun:         "PasswordPolicy",
		odd: []string{
			"MinimumPasswordLength=11", "RequireLowercaseCharacters=true", "RequireSymbols=true", "MinimumPasswordDifferentCharacter=3",
			"PasswordNotContainUserName=true", "MaxPasswordAge=77", "HardExpire=true", "PasswordReusePrevention=5", "MaxLoginAttemps=9", "InitialPasswordAge=0",
		},
		configs: []string{"minimum_password_length = 16", "require_numbers = true\nmax_login_attempts = 0", "hard_expire = false\ninitial_password_age = 30\nmax_password_age = 0"},
		reset:   []string{`"MinimumPasswordLength":8`, `"RequireSymbols":false`, `"HardExpire":false`, `"MaxPasswordAge":0`, `"MaxLoginAttemps":0`, `"InitialPasswordAge":14`},
	},
	{
		resourceType: "ram_security_preference",
		noun:         "SecurityPreference",
		odd: []string{
			"EnableSaveMFATicket=true", "AllowUserToChangePassword=false", "AllowUserToManageAccessKeys=true", "AllowUserToManageMFADevices=false",
			"AllowUserToLoginWithPasskey=false", "AllowUserToManagePersonalDingTalk=false", "MFAOperationForLogin=adaptive", "OperationForRiskLogin=enforceVerify",
			"LoginSessionDuration=9", "LoginNetworkMasks=198.51.100.7;10.0.0.0/8", `VerificationTypes=["sms","email"]`, "MaxIdleDaysForUsers=180", "MaxIdleDaysForAccessKeys=90",
		},
		configs: []string{"max_idle_days_for_users = 90", `login_network_masks = []
			mfa_operation_for_login = "mandatory"`, `verification_types = ["email"]
			login_session_duration = 24`},
		reset: []string{
			`"EnableSaveMFATicket":false`, `"AllowUserToChangePassword":true`, `"MFAOperationForLogin":"independent"`, `"LoginSessionDuration":6`,
			`"LoginNetworkMasks":""`, `"MaxIdleDaysForUsers":730`, `"OperationForRiskLogin":"enforceVerify"`, `"VerificationTypes":["sms","email"]`,
		},
	},
}

// config is a resource of the group with these arguments.
func (g group) config(arguments ...string) string {
	return fmt.Sprintf("resource %q \"this\" {\n%s\n}\n", g.resourceType, strings.Join(arguments, "\n"))
}

func (g group) address() string { return g.resourceType + ".this" }

// answers are what both services answer to who asks for the settings.
func (g group) answers(t *testing.T, acc *acctest.Account) string {
	t.Helper()
	return ask(t, acc, ramVersion, "Get"+g.noun) + "\n" + ask(t, acc, imsVersion, "Get"+g.noun)
}

// shows checks what IMS answers: each of the texts is in it.
func (g group) shows(t *testing.T, acc *acctest.Account, texts ...string) resource.TestCheckFunc {
	return acc.Inspect(func(context.Context, *ramapi.Client) error {
		answer := ask(t, acc, imsVersion, "Get"+g.noun)
		for _, text := range texts {
			if !strings.Contains(answer, text) {
				return fmt.Errorf("there is no %s in %s", text, answer)
			}
		}
		return nil
	})
}

func forEachGroup(t *testing.T, test func(t *testing.T, g group)) {
	t.Helper()
	for _, g := range groups {
		t.Run(g.resourceType, func(t *testing.T) {
			t.Parallel()
			test(t, g)
		})
	}
}

// ask makes a call of the account's root, without any client of ours, and gives
// the JSON of the answer with its names sorted, less the request's id.
func ask(t *testing.T, acc *acctest.Account, version, action string, params ...string) string {
	t.Helper()
	id, secret := acc.Server.RootAccessKey()
	all := url.Values{
		"Action": {action}, "Version": {version}, "Format": {"JSON"}, "AccessKeyId": {id},
		"Timestamp": {time.Now().UTC().Format(time.RFC3339)}, "SignatureNonce": {rand.Text()},
		"SignatureMethod": {"HMAC-SHA1"}, "SignatureVersion": {"1.0"},
	}
	for _, p := range params {
		name, value, _ := strings.Cut(p, "=")
		all.Set(name, value)
	}
	mac := hmac.New(sha1.New, []byte(secret+"&"))
	mac.Write([]byte("POST&%2F&" + url.QueryEscape(strings.ReplaceAll(all.Encode(), "+", "%20"))))
	all.Set("Signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	w := httptest.NewRecorder()
	acc.Server.ServeHTTP(w, httptest.NewRequest("POST", "/?"+all.Encode(), nil))
	var answer map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != 200 {
		t.Fatalf("%s: %d %s, %v", action, w.Code, w.Body, err)
	}
	delete(answer, "RequestId")
	text, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestAccSettings_destroyGivesBackWhatWasFound(t *testing.T) {
	t.Parallel()
	servers := map[string]func(*ramserver.Server){
		"as likely": func(s *ramserver.Server) { s.Unsure = ramserver.Unsure{} },
		"otherwise": func(s *ramserver.Server) { s.Unsure = ramserver.AllUnsure() },
		"absent is default": func(s *ramserver.Server) {
			s.Unsure = ramserver.Unsure{PasswordPolicyResets: true, SecurityPreferenceResets: true}
		},
	}
	forEachGroup(t, func(t *testing.T, g group) {
		for _, name := range slices.Sorted(maps.Keys(servers)) {
			for _, found := range [][]string{nil, g.odd} {
				t.Run(fmt.Sprintf("%s, found %d", name, len(found)), func(t *testing.T) {
					t.Parallel()
					acc := acctest.NewLocal(t, servers[name])
					if found != nil {
						ask(t, acc, imsVersion, "Set"+g.noun, found...)
					}
					before := g.answers(t, acc)
					var during string
					look := acc.Inspect(func(context.Context, *ramapi.Client) error {
						during = g.answers(t, acc)
						return nil
					})
					acc.Run(t,
						resource.TestStep{Config: g.config(g.configs[0]), Check: look},
						resource.TestStep{Config: g.config(g.configs[1])},
						resource.TestStep{Config: g.config(g.configs[2])},
					)
					if during == before {
						t.Error("the resource has changed nothing")
					}
					if after := g.answers(t, acc); after != before {
						t.Errorf("found:\n%s\ngiven back:\n%s", before, after)
					}
				})
			}
		}
	})
}

func TestAccSettings_importedOnesAreGivenBackAsTheyWereImported(t *testing.T) {
	t.Parallel()
	forEachGroup(t, func(t *testing.T, g group) {
		acc := acctest.NewLocal(t)
		ask(t, acc, imsVersion, "Set"+g.noun, g.odd...)
		before := g.answers(t, acc)
		calls := len(acc.Server.Calls())
		imported := fmt.Sprintf("import {\n to = %s\n id = %q\n}\n", g.address(), accountID)
		acc.Run(t,
			resource.TestStep{
				Config:           imported + g.config(),
				ConfigPlanChecks: acctest.Plans(g.address(), plancheck.ResourceActionNoop),
				Check: acc.Inspect(func(context.Context, *ramapi.Client) error {
					if writes := acc.Writes(calls); len(writes) > 0 {
						return fmt.Errorf("the import called %v", writes)
					}
					return nil
				}),
			},
			resource.TestStep{Config: g.config(g.configs[0])},
			resource.TestStep{Config: g.config(g.configs[2])},
		)
		if after := g.answers(t, acc); after != before {
			t.Errorf("found:\n%s\ngiven back:\n%s", before, after)
		}
	})
}

func TestAccSettings_importTakesTheIDOfTheAccountAndNoOther(t *testing.T) {
	t.Parallel()
	forEachGroup(t, func(t *testing.T, g group) {
		acc := acctest.NewLocal(t)
		acc.Run(t,
			resource.TestStep{
				Config:            g.config(g.configs[0]),
				ConfigStateChecks: []statecheck.StateCheck{acctest.State(g.address(), "account_id", accountID)},
			},
			acctest.Imports(g.address(), accountID, "account_id"),
			resource.TestStep{
				ResourceName: g.address(), ImportState: true, ImportStateId: "6543210987654321",
				ExpectError: regexp.MustCompile(`not the ID of the account`),
			},
		)
	})
}

func TestAccSettings_areImportedByIdentity(t *testing.T) {
	t.Parallel()
	forEachGroup(t, func(t *testing.T, g group) {
		acc := acctest.NewLocal(t)
		ask(t, acc, imsVersion, "Set"+g.noun, g.odd...)
		before := g.answers(t, acc)
		resource.Test(t, resource.TestCase{
			ProtoV6ProviderFactories: acc.Factories(),
			TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)},
			Steps: []resource.TestStep{
				{
					Config:           fmt.Sprintf("import {\n to = %s\n identity = { account_id = %q }\n}\n", g.address(), accountID) + g.config(),
					ConfigPlanChecks: acctest.Plans(g.address(), plancheck.ResourceActionNoop),
				},
				{Config: g.config(g.configs[0])},
			},
		})
		if after := g.answers(t, acc); after != before {
			t.Errorf("found:\n%s\ngiven back:\n%s", before, after)
		}
	})
}

func TestAccSettings_leftOutOnesKeepWhatTheAccountHas(t *testing.T) {
	t.Parallel()
	forEachGroup(t, func(t *testing.T, g group) {
		acc := acctest.NewLocal(t)
		ask(t, acc, imsVersion, "Set"+g.noun, g.odd...)
		odd := g.answers(t, acc)
		var later string
		acc.Run(t,
			resource.TestStep{
				Config: g.config(),
				Check: acc.Inspect(func(context.Context, *ramapi.Client) error {
					if now := g.answers(t, acc); now != odd {
						return fmt.Errorf("nothing was asked for, and\n%s\nhas become\n%s", odd, now)
					}
					return nil
				}),
			},
			resource.TestStep{Config: g.config(g.configs[1])},
			// Somebody changes what is not managed here: that is no drift, and stays.
			resource.TestStep{
				PreConfig: func() {
					ask(t, acc, imsVersion, "Set"+g.noun, append(slices.Clone(g.odd), map[string][]string{
						"PasswordPolicy":     {"MaxPasswordAge=99", "RequireNumbers=true", "MaxLoginAttemps=0"},
						"SecurityPreference": {"MaxIdleDaysForUsers=365", "LoginNetworkMasks=", "MFAOperationForLogin=mandatory"},
					}[g.noun]...)...)
					later = g.answers(t, acc)
				},
				Config: g.config(g.configs[1]), ConfigPlanChecks: acctest.PlansNothing(),
			},
			// An argument that is removed changes nothing.
			resource.TestStep{
				Config: g.config(), ConfigPlanChecks: acctest.PlansNothing(),
				Check: acc.Inspect(func(context.Context, *ramapi.Client) error {
					if now := g.answers(t, acc); now != later {
						return fmt.Errorf("\n%s\nhas become\n%s", later, now)
					}
					return nil
				}),
			},
		)
	})
}

func TestAccSettings_leftOutOnesThatChangeAfterThePlanStayChanged(t *testing.T) {
	t.Parallel()
	forEachGroup(t, func(t *testing.T, g group) {
		acc := acctest.NewLocal(t)
		changed := map[string]string{"PasswordPolicy": "PasswordReusePrevention=7", "SecurityPreference": "AllowUserToManageAccessKeys=true"}[g.noun]
		kept := map[string]string{"PasswordPolicy": `"PasswordReusePrevention":7`, "SecurityPreference": `"AllowUserToManageAccessKeys":true`}[g.noun]
		acc.Run(t,
			resource.TestStep{Config: g.config(g.configs[0])},
			resource.TestStep{
				Config: g.config(g.configs[1]),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					acctest.Meanwhile(func() { ask(t, acc, imsVersion, "Set"+g.noun, changed) }),
				}},
				Check: g.shows(t, acc, kept),
			},
		)
	})
}

func TestAccSettings_resetSetsTheDocumentedDefaults(t *testing.T) {
	t.Parallel()
	forEachGroup(t, func(t *testing.T, g group) {
		acc := acctest.NewLocal(t)
		ask(t, acc, imsVersion, "Set"+g.noun, g.odd...)
		acc.Run(t, resource.TestStep{Config: g.config(`on_destroy = "reset"`)})
		if err := g.shows(t, acc, g.reset...)(nil); err != nil {
			t.Error(err)
		}
	})
}

func TestAccSettings_keptOnesStayWithoutACall(t *testing.T) {
	t.Parallel()
	forEachGroup(t, func(t *testing.T, g group) {
		acc := acctest.NewLocal(t)
		var calls int
		var before string
		acc.Run(t,
			resource.TestStep{Config: g.config(g.configs[0])},
			// What happens in the end is not the service's affair either.
			resource.TestStep{
				PreConfig:        func() { calls, before = len(acc.Server.Calls()), g.answers(t, acc) },
				Config:           g.config(g.configs[0], `on_destroy = "keep"`),
				ConfigPlanChecks: acctest.Plans(g.address(), plancheck.ResourceActionUpdate),
			},
		)
		if writes := acc.Writes(calls); len(writes) > 0 {
			t.Errorf("%v was called", writes)
		}
		if after := g.answers(t, acc); after != before {
			t.Errorf("\n%s\nhas become\n%s", before, after)
		}
	})
}

func TestAccSettings_aSecondResourceIsRefused(t *testing.T) {
	t.Parallel()
	forEachGroup(t, func(t *testing.T, g group) {
		acc := acctest.NewLocal(t)
		before := g.answers(t, acc)
		second := fmt.Sprintf("resource %q \"second\" {\n%s\ndepends_on = [%s]\n}\n", g.resourceType, g.configs[1], g.address())
		var first string
		acc.Run(t,
			resource.TestStep{
				Config:      g.config(g.configs[0]) + second,
				ExpectError: regexp.MustCompile(`A second ` + g.resourceType),
			},
			resource.TestStep{
				PreConfig: func() { first = g.answers(t, acc) },
				Config:    g.config(g.configs[0]), ConfigPlanChecks: acctest.PlansNothing(),
			},
			resource.TestStep{
				Config: g.config(g.configs[0]), PlanOnly: true,
				Check: acc.Inspect(func(context.Context, *ramapi.Client) error {
					if now := g.answers(t, acc); now != first {
						return fmt.Errorf("\n%s\nhas become\n%s", first, now)
					}
					return nil
				}),
			},
		)
		if after := g.answers(t, acc); after != before {
			t.Errorf("found:\n%s\ngiven back:\n%s", before, after)
		}
	})
}

func TestAccSettings_driftIsRepaired(t *testing.T) {
	t.Parallel()
	forEachGroup(t, func(t *testing.T, g group) {
		acc := acctest.NewLocal(t)
		drifted := map[string]string{"PasswordPolicy": "MinimumPasswordLength=9", "SecurityPreference": "MaxIdleDaysForUsers=365"}[g.noun]
		repaired := map[string]string{"PasswordPolicy": `"MinimumPasswordLength":16`, "SecurityPreference": `"MaxIdleDaysForUsers":90`}[g.noun]
		acc.Run(t,
			resource.TestStep{Config: g.config(g.configs[0])},
			resource.TestStep{
				PreConfig: func() { ask(t, acc, imsVersion, "Set"+g.noun, drifted) },
				Config:    g.config(g.configs[0]),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(g.address(), plancheck.ResourceActionUpdate),
					acctest.KnowsAllOf(g.address()),
				}},
				Check: g.shows(t, acc, repaired),
			},
		)
	})
}

func TestAccSettings_lostAnswerIsLookedFor(t *testing.T) {
	t.Parallel()
	forEachGroup(t, func(t *testing.T, g group) {
		var script ramserver.FaultScript
		script.Faults = []ramserver.ScriptedFault{{Action: "Set" + g.noun, Fault: "lost-500"}}
		acc := acctest.NewLocal(t, func(s *ramserver.Server) { s.Intercept = script.Intercept })
		before := g.answers(t, acc)
		impatient := `provider "ram" { max_retries = 0 }` + "\n"
		acc.Run(t,
			resource.TestStep{Config: impatient + g.config(g.configs[0])},
			resource.TestStep{Config: impatient + g.config(g.configs[0]), ConfigPlanChecks: acctest.PlansNothing()},
		)
		if after := g.answers(t, acc); after != before {
			t.Errorf("found:\n%s\ngiven back:\n%s", before, after)
		}
	})
}

func TestAccSettings_anotherOneInTheStateIsSeenWhilePlanning(t *testing.T) {
	t.Parallel()
	forEachGroup(t, func(t *testing.T, g group) {
		acc := acctest.NewLocal(t)
		before := g.answers(t, acc)
		second := fmt.Sprintf("resource %q \"second\" {\n%s\ndepends_on = [%s]\n}\n", g.resourceType, g.configs[1], g.address())
		acc.Run(t,
			resource.TestStep{Config: g.config(g.configs[0])},
			resource.TestStep{Config: g.config(g.configs[0]) + second, PlanOnly: true, ExpectNonEmptyPlan: true, ExpectError: regexp.MustCompile(`A second ` + g.resourceType)},
			resource.TestStep{Config: g.config(g.configs[0]), Taint: []string{g.address()}, PlanOnly: true, ExpectNonEmptyPlan: true, ExpectError: regexp.MustCompile(`terraform\s+untaint`)},
		)
		if after := g.answers(t, acc); after != before {
			t.Errorf("found:\n%s\ngiven back:\n%s", before, after)
		}
	})
}

func TestAccSettings_aRefusedCreationTakesNothingOver(t *testing.T) {
	t.Parallel()
	forEachGroup(t, func(t *testing.T, g group) {
		var script ramserver.FaultScript
		script.Faults = []ramserver.ScriptedFault{{Action: "Set" + g.noun, Status: 403, Code: "NoPermission", Message: "You may not."}}
		acc := acctest.NewLocal(t, func(s *ramserver.Server) { s.Intercept = script.Intercept })
		acc.Run(t,
			resource.TestStep{Config: g.config(g.configs[0]), ExpectError: regexp.MustCompile(`You may not`)},
			resource.TestStep{Config: g.config(g.configs[0]), ConfigPlanChecks: acctest.Plans(g.address(), plancheck.ResourceActionCreate)},
		)
	})
}

func TestAccSettings_ofAnotherAccountAreLeftAlone(t *testing.T) {
	t.Parallel()
	forEachGroup(t, func(t *testing.T, g group) {
		ours := acctest.NewLocal(t)
		other := acctest.NewLocal(t, func(s *ramserver.Server) { s.AccountID = "6543210987654321" })
		env := ours.Env()
		point := func(at map[string]string) func() {
			return func() {
				for name, value := range at {
					ours.SetEnv(name, value)
				}
			}
		}
		calls := 0
		ours.Run(t,
			resource.TestStep{Config: g.config(g.configs[0])},
			resource.TestStep{PreConfig: point(other.Env()), Config: g.config(g.configs[0]), PlanOnly: true, ExpectError: regexp.MustCompile(`Another Alibaba Cloud account`)},
			resource.TestStep{
				PreConfig: func() { point(env)(); calls = len(ours.Server.Calls()) },
				Config:    g.config(g.configs[0]), ConfigPlanChecks: acctest.PlansNothing(),
			},
		)
		if writes := other.Writes(0); len(writes) > 0 || calls == 0 {
			t.Errorf("the other account got %v", writes)
		}
	})
}

func TestAccSettings_everyOneIsSentAndShown(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		group
		config, want string
	}{
		{groups[0], `
			minimum_password_length              = 12
			require_lowercase_characters         = true
			require_uppercase_characters         = true
			require_numbers                      = true
			require_symbols                      = true
			minimum_password_different_character = 4
			password_not_contain_user_name       = true
			max_password_age                     = 90
			hard_expire                          = true
			password_reuse_prevention            = 24
			max_login_attempts                   = 5
			initial_password_age                 = 7
			intercept_risk_password_on_api       = true`, `{"PasswordPolicy":{"HardExpire":true,"InitialPasswordAge":7,"InterceptRiskPasswordOnApi":true,"MaxLoginAttemps":5,"MaxPasswordAge":90,` +
			`"MinimumPasswordDifferentCharacter":4,"MinimumPasswordLength":12,"PasswordNotContainUserName":true,"PasswordReusePrevention":24,` +
			`"RequireLowercaseCharacters":true,"RequireNumbers":true,"RequireSymbols":true,"RequireUppercaseCharacters":true}}`},
		{groups[1], `
			enable_save_mfa_ticket                   = true
			allow_user_to_change_password            = false
			allow_user_to_manage_access_keys         = true
			allow_user_to_manage_mfa_devices         = false
			allow_user_to_login_with_passkey         = false
			allow_user_to_manage_personal_ding_talk  = false
			allow_user_to_manage_service_credentials = true
			mfa_operation_for_login                  = "adaptive"
			login_session_duration                   = 12
			login_network_masks                      = ["203.0.113.0/24", "10.0.0.0/8"]
			verification_types                       = ["sms", "email"]
			max_idle_days_for_users                  = 90
			max_idle_days_for_access_keys            = 365`, `{"SecurityPreference":{"AccessKeyPreference":{"AllowUserToManageAccessKeys":true,"AllowUserToManageServiceCredentials":true},` +
			`"LoginProfilePreference":{"AllowUserToChangePassword":false,"AllowUserToLoginWithPasskey":false,"EnableSaveMFATicket":true,"LoginNetworkMasks":"10.0.0.0/8;203.0.113.0/24",` +
			`"LoginSessionDuration":12,"MFAOperationForLogin":"adaptive","OperationForRiskLogin":"autonomous"},"MFAPreference":{"AllowUserToManageMFADevices":false},` +
			`"MaxIdleDays":{"MaxIdleDaysForAccessKeys":365,"MaxIdleDaysForUsers":90},"PersonalInfoPreference":{"AllowUserToManagePersonalDingTalk":false},` +
			`"VerificationPreference":{"VerificationTypes":["email","sms"]}}}`},
	} {
		t.Run(tc.resourceType, func(t *testing.T) {
			t.Parallel()
			acc := acctest.NewLocal(t, func(s *ramserver.Server) {
				s.Unsure.NoRiskPasswordSetting, s.Unsure.NoServiceCredentialSetting = false, false
			})
			data := fmt.Sprintf("data %q \"this\" {\ndepends_on = [%s]\n}\n", tc.resourceType, tc.address())
			same := &sameState{of: tc.address(), and: "data." + tc.address(), but: "on_destroy"}
			acc.Run(t,
				resource.TestStep{
					Config:            tc.group.config(tc.config) + data,
					ConfigStateChecks: []statecheck.StateCheck{same},
					Check:             tc.shows(t, acc, tc.want),
				},
				acctest.Imports(tc.address(), accountID, "account_id"),
				resource.TestStep{Config: tc.group.config(tc.config) + data, ConfigPlanChecks: acctest.PlansNothing()},
			)
			if same.compared < 13 {
				t.Errorf("only %d attributes were compared", same.compared)
			}
		})
	}
}

// sameState checks that two things of the state have the same attributes, none
// of them null.
type sameState struct {
	of, and, but string
	compared     int
}

func (s *sameState) CheckState(_ context.Context, req statecheck.CheckStateRequest, resp *statecheck.CheckStateResponse) {
	values := map[string]map[string]any{}
	for _, r := range req.State.Values.RootModule.Resources {
		values[r.Address] = maps.Clone(r.AttributeValues)
		delete(values[r.Address], s.but)
	}
	if !reflect.DeepEqual(values[s.of], values[s.and]) {
		resp.Error = fmt.Errorf("%v\nis not\n%v", values[s.of], values[s.and])
	}
	for name, value := range values[s.of] {
		s.compared++
		if value == nil {
			resp.Error = fmt.Errorf("%s is null", name)
		}
	}
}

func TestAccSettings_ofAnOlderServiceAreNotSent(t *testing.T) {
	t.Parallel()
	forEachGroup(t, func(t *testing.T, g group) {
		acc := acctest.NewLocal(t, func(s *ramserver.Server) {
			s.Unsure.NoRiskPasswordSetting, s.Unsure.NoServiceCredentialSetting = true, true
		})
		newer := map[string]string{"PasswordPolicy": "intercept_risk_password_on_api", "SecurityPreference": "allow_user_to_manage_service_credentials"}[g.noun]
		acc.Run(t,
			resource.TestStep{
				Config:            g.config(g.configs[0], `on_destroy = "reset"`),
				ConfigStateChecks: []statecheck.StateCheck{acctest.State(g.address(), newer, nil)},
			},
			resource.TestStep{Config: g.config(g.configs[1], `on_destroy = "reset"`, newer+" = true"), ExpectError: regexp.MustCompile(`no\s+parameter`)},
			resource.TestStep{Config: g.config(g.configs[1], `on_destroy = "reset"`)},
			resource.TestStep{Config: g.config(g.configs[1], `on_destroy = "reset"`), ConfigPlanChecks: acctest.PlansNothing()},
			resource.TestStep{
				Config:            fmt.Sprintf("data %q \"this\" {}\n", g.resourceType),
				ConfigStateChecks: []statecheck.StateCheck{acctest.State("data."+g.address(), newer, nil)},
			},
		)
	})
}

func TestAccSettings_arePlannedWithUnknownValues(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	acc.Run(t, resource.TestStep{
		Config: `
			resource "terraform_data" "wanted" {
			  input = { length = 20, numbers = true, mfa = "adaptive", mask = "10.0.0.0/8", masks = ["192.0.2.0/24"] }
			}
			resource "ram_password_policy" "this" {
			  minimum_password_length = terraform_data.wanted.output.length
			  require_numbers         = terraform_data.wanted.output.numbers
			}
			resource "ram_security_preference" "this" {
			  mfa_operation_for_login = terraform_data.wanted.output.mfa
			  login_network_masks     = concat([terraform_data.wanted.output.mask], terraform_data.wanted.output.masks)
			}
			data "ram_password_policy" "this" { depends_on = [ram_password_policy.this] }
			`,
		ConfigStateChecks: []statecheck.StateCheck{
			acctest.State("ram_password_policy.this", "minimum_password_length", 20),
			acctest.State("data.ram_password_policy.this", "require_numbers", true),
			acctest.State("ram_security_preference.this", "mfa_operation_for_login", "adaptive"),
		},
	})
}

func TestAccSettings_mistakesAreRefusedWhilePlanning(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	password, security := groups[0], groups[1]
	var many, long []string
	for i := range 41 {
		many = append(many, fmt.Sprintf(`"10.0.%d.1"`, i))
	}
	for i := range 39 {
		long = append(long, fmt.Sprintf(`"100.100.1%02d.0/24"`, i))
	}
	for config, message := range map[string]string{
		password.config("minimum_password_length = 7"):                             `8 and 32`,
		password.config("minimum_password_length = 33"):                            `8 and 32`,
		password.config("minimum_password_different_character = 9"):                `0 and 8`,
		password.config("max_password_age = 1096"):                                 `0 and 1095`,
		password.config("password_reuse_prevention = 25"):                          `0 and 24`,
		password.config("max_login_attempts = 33"):                                 `0 and 32`,
		password.config("initial_password_age = 91"):                               `0 and 90`,
		password.config(`on_destroy = "restor"`):                                   `restore`,
		security.config("login_session_duration = 0"):                              `1 and 24`,
		security.config("max_idle_days_for_users = 91"):                            `(?s)90.*180.*365.*730`,
		security.config("max_idle_days_for_access_keys = 0"):                       `(?s)90.*180.*365.*730`,
		security.config(`mfa_operation_for_login = "always"`):                      `mandatory`,
		security.config(`verification_types = ["pigeon"]`):                         `sms`,
		security.config(`login_network_masks = ["10.0.0.0/33"]`):                   `"10.0.0.0/33" must be an IP address or a network`,
		security.config(`login_network_masks = ["10.0.0.0/8;192.0.2.1"]`):          `must be an IP address or a network`,
		security.config(`login_network_masks = [""]`):                              `must be an IP address or a network`,
		security.config(`login_network_masks = [null]`):                            `(?i)null`,
		security.config("login_network_masks = [" + strings.Join(many, ",") + "]"): `at most 40`,
		security.config("login_network_masks = [" + strings.Join(long, ",") + "]"): `662 characters`,
	} {
		acc.Run(t, resource.TestStep{Config: config, PlanOnly: true, ExpectError: regexp.MustCompile(message)})
	}
	if writes := acc.Writes(0); len(writes) > 0 {
		t.Errorf("%s was called for what is known to be wrong", writes)
	}
}
