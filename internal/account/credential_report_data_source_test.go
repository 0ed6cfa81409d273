package account_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

const (
	credentialReport = `data "ram_credential_report" "this" {}`
	reportAddress    = "data.ram_credential_report.this"
)

// reportUsers checks the users of the report.
func reportUsers(check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(reportAddress, tfjsonpath.New("users"), check)
}

func TestAccCredentialReport_ofAnAccountWithoutUsersHasTheAccountItself(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	acc.Run(t, resource.TestStep{
		Config: credentialReport,
		ConfigStateChecks: []statecheck.StateCheck{
			acctest.State(reportAddress, "generated_time", knownvalue.StringRegexp(regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`))),
			reportUsers(knownvalue.ListExact([]knownvalue.Check{knownvalue.ObjectExact(map[string]knownvalue.Check{
				"user_name":            knownvalue.StringExact("<root>"),
				"user_principal_name":  knownvalue.Null(),
				"create_date":          knownvalue.Null(),
				"last_login_date":      knownvalue.Null(),
				"password_exists":      knownvalue.Bool(true),
				"password_active":      knownvalue.Null(),
				"password_change_date": knownvalue.Null(),
				"password_expiry_date": knownvalue.Null(),
				"mfa_active":           knownvalue.Bool(false),
				"access_keys": knownvalue.ListExact([]knownvalue.Check{knownvalue.ObjectExact(map[string]knownvalue.Check{
					"active": knownvalue.Bool(true), "change_date": knownvalue.NotNull(), "last_used_date": knownvalue.NotNull(),
				})}),
			})})),
		},
	})
}

func TestAccCredentialReport_tellsWhatUsersHaveAndLack(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	ctx := t.Context()
	for _, name := range []string{"alice", "bob"} {
		if _, err := acc.Client().CreateUser(ctx, ramapi.User{Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	first, err := acc.Client().CreateAccessKey(ctx, "alice")
	if err == nil {
		err = acc.Client().SetAccessKeyStatus(ctx, "alice", first.ID, "Inactive")
	}
	if err == nil {
		_, err = acc.Client().CreateLoginProfile(ctx, "alice", ramapi.LoginProfileInput{Password: "An-1nitial-Passw0rd!", Status: "Active"})
	}
	if err != nil {
		t.Fatal(err)
	}
	acc.Run(t, resource.TestStep{
		Config: credentialReport,
		ConfigStateChecks: []statecheck.StateCheck{reportUsers(knownvalue.ListPartial(map[int]knownvalue.Check{
			1: knownvalue.ObjectExact(map[string]knownvalue.Check{
				"user_name":            knownvalue.StringExact("alice"),
				"user_principal_name":  knownvalue.StringRegexp(regexp.MustCompile(`^alice@.+\.onaliyun\.com$`)),
				"create_date":          knownvalue.NotNull(),
				"last_login_date":      knownvalue.Null(),
				"password_exists":      knownvalue.Bool(true),
				"password_active":      knownvalue.Bool(true),
				"password_change_date": knownvalue.NotNull(),
				"password_expiry_date": knownvalue.Null(),
				"mfa_active":           knownvalue.Bool(false),
				"access_keys": knownvalue.ListExact([]knownvalue.Check{knownvalue.ObjectExact(map[string]knownvalue.Check{
					"active": knownvalue.Bool(false), "change_date": knownvalue.NotNull(), "last_used_date": knownvalue.Null(),
				})}),
			}),
			2: knownvalue.ObjectPartial(map[string]knownvalue.Check{
				"user_name":       knownvalue.StringExact("bob"),
				"password_exists": knownvalue.Bool(false),
				"password_active": knownvalue.Null(),
				"mfa_active":      knownvalue.Null(),
				"access_keys":     knownvalue.ListSizeExact(0),
			}),
		}))},
	})
}

// accountOf gives the JSON of an account with that many users.
func accountOf(t *testing.T, users int) []byte {
	t.Helper()
	all := map[string]any{}
	for n := range users {
		all[fmt.Sprint(200000000000000000+n)] = map[string]any{"UserName": fmt.Sprintf("user%04d", n)}
	}
	saved, err := json.Marshal(map[string]any{"Format": 1, "Users": all})
	if err != nil {
		t.Fatal(err)
	}
	return saved
}

func TestAccCredentialReport_hasEverybodyThoughItComesInPages(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		if err := s.Load(accountOf(t, 1005)); err != nil { // a page has 1,000
			t.Fatal(err)
		}
	})
	acc.Run(t, resource.TestStep{
		Config: credentialReport,
		ConfigStateChecks: []statecheck.StateCheck{
			reportUsers(knownvalue.ListSizeExact(1006)),
			reportUsers(knownvalue.ListPartial(map[int]knownvalue.Check{
				0:    knownvalue.ObjectPartial(map[string]knownvalue.Check{"user_name": knownvalue.StringExact("<root>")}),
				1005: knownvalue.ObjectPartial(map[string]knownvalue.Check{"user_name": knownvalue.StringExact("user1004")}),
			})),
		},
	})
}

func TestAccCredentialReport_thatCannotBeHadIsAnError(t *testing.T) {
	t.Parallel()
	saved := accountOf(t, 3501)
	acctest.NewLocal(t, func(s *ramserver.Server) {
		if err := s.Load(saved); err != nil {
			t.Fatal(err)
		}
	}).Run(t, resource.TestStep{Config: credentialReport, ExpectError: regexp.MustCompile(`(?s)Unable to read the credential report.+limit of 3500`)})
	for _, action := range []string{"GenerateCredentialReport", "GetCredentialReport"} {
		acctest.NewLocal(t, func(s *ramserver.Server) {
			s.Intercept = func(c ramserver.Call) *ramserver.Fault {
				if c.Action == action {
					return &ramserver.Fault{Status: http.StatusForbidden, Code: "NoPermission", Message: "You may not do this."}
				}
				return nil
			}
		}).Run(t, resource.TestStep{
			Config:      credentialReport,
			ExpectError: regexp.MustCompile(`(?s)Unable to read the credential report.+Action: ` + action + `, code: NoPermission`),
		})
	}
}
