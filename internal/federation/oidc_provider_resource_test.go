package federation_test

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// prints are fingerprints, of certificates that nobody has.
var prints = []string{
	strings.Repeat("a1", 20), strings.Repeat("b2", 20), strings.Repeat("c3", 20), strings.Repeat("d4", 20), strings.Repeat("e5", 20),
	strings.Repeat("f6", 20), strings.Repeat("a7", 20), strings.Repeat("b8", 20), strings.Repeat("c9", 20), strings.Repeat("d0", 20),
}

func issuerOf(name string) string { return "https://" + name + ".example.com" }

func list(attribute string, items []string) string {
	return fmt.Sprintf("%s = [%s]", attribute, strings.Join(quoted(items), ", "))
}

func quoted(items []string) []string {
	var all []string
	for _, item := range items {
		all = append(all, fmt.Sprintf("%q", item))
	}
	return all
}

func set(items ...string) knownvalue.Check {
	var checks []knownvalue.Check
	for _, item := range items {
		checks = append(checks, knownvalue.StringExact(item))
	}
	return knownvalue.SetExact(checks)
}

func oidcConfig(name string, fingerprints []string, more ...string) string {
	return fmt.Sprintf("resource \"ram_oidc_provider\" \"ci\" {\nname = %q\nissuer_url = %q\n%s\n%s\n}",
		name, issuerOf(name), list("fingerprints", fingerprints), strings.Join(more, "\n"))
}

// oidcProviderIs looks whether the account has what is wanted; the ARN and dates do not count.
func oidcProviderIs(acc *acctest.Account, want ramapi.OIDCProvider) resource.TestCheckFunc {
	return acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
		p, err := ram.OIDCProvider(ctx, want.Name)
		if err != nil {
			return err
		}
		slices.Sort(want.ClientIDs)
		slices.Sort(want.Fingerprints)
		if p.IssuerURL != issuerOf(want.Name) || p.Description != want.Description || p.IssuanceLimitTime != want.IssuanceLimitTime ||
			!slices.Equal(p.ClientIDs, want.ClientIDs) || !slices.Equal(p.Fingerprints, want.Fingerprints) {
			return fmt.Errorf("RAM has %+v, want %+v", p, want)
		}
		return nil
	})
}

// cloned are fingerprints that a test may put into an order of its own.
func cloned(items ...string) []string { return slices.Clone(items) }

func TestAccOIDCProvider_isCreatedReadAndImported(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("ci")
	full := oidcConfig(name, prints[:2], list("client_ids", []string{"web", "https://app.example.com/api"}), `description = "Builds"`, `issuance_limit_time = 6`)
	acc.Run(t,
		resource.TestStep{
			Config: full,
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State("ram_oidc_provider.ci", "name", name),
				acctest.State("ram_oidc_provider.ci", "issuer_url", issuerOf(name)),
				acctest.State("ram_oidc_provider.ci", "fingerprints", set(prints[:2]...)),
				acctest.State("ram_oidc_provider.ci", "client_ids", set("web", "https://app.example.com/api")),
				acctest.State("ram_oidc_provider.ci", "description", "Builds"),
				acctest.State("ram_oidc_provider.ci", "issuance_limit_time", 6),
				acctest.State("ram_oidc_provider.ci", "arn", knownvalue.StringRegexp(regexp.MustCompile(`^acs:ram::\d{16}:oidc-provider/`+name+`$`))),
			},
			Check: oidcProviderIs(acc, ramapi.OIDCProvider{
				Name: name, ClientIDs: []string{"web", "https://app.example.com/api"}, Fingerprints: cloned(prints[:2]...), Description: "Builds", IssuanceLimitTime: 6,
			}),
		},
		acctest.Imports("ram_oidc_provider.ci", name, "name"),
		resource.TestStep{Config: full, ConfigPlanChecks: acctest.PlansNothing()},
	)
}

func TestAccOIDCProvider_isUpdatedInPlace(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("ci")
	inPlace := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
		plancheck.ExpectResourceAction("ram_oidc_provider.ci", plancheck.ResourceActionUpdate),
		acctest.KnowsAllOf("ram_oidc_provider.ci"),
	}}
	clients := list("client_ids", []string{"web", "app"})
	acc.Run(t,
		resource.TestStep{
			Config: oidcConfig(name, prints[:1], clients, `description = "Builds"`, `issuance_limit_time = 6`),
		},
		resource.TestStep{ // the description alone, which must not touch the client ids
			Config:           oidcConfig(name, prints[:1], clients, `description = "Tests"`),
			ConfigPlanChecks: inPlace,
			Check: oidcProviderIs(acc, ramapi.OIDCProvider{
				Name: name, ClientIDs: []string{"app", "web"}, Fingerprints: cloned(prints[0]), Description: "Tests", IssuanceLimitTime: 6,
			}),
		},
		resource.TestStep{
			Config:           oidcConfig(name, prints[:1], clients, `issuance_limit_time = 168`),
			ConfigPlanChecks: inPlace,
			Check: oidcProviderIs(acc, ramapi.OIDCProvider{
				Name: name, ClientIDs: []string{"app", "web"}, Fingerprints: cloned(prints[0]), IssuanceLimitTime: 168,
			}),
		},
		resource.TestStep{
			Config:           oidcConfig(name, prints[1:3], list("client_ids", []string{"app", "cli"})),
			ConfigPlanChecks: inPlace,
			Check: oidcProviderIs(acc, ramapi.OIDCProvider{
				Name: name, ClientIDs: []string{"app", "cli"}, Fingerprints: cloned(prints[1:3]...), IssuanceLimitTime: 168,
			}),
		},
		resource.TestStep{
			Config: oidcConfig(name, prints[1:3]),
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State("ram_oidc_provider.ci", "client_ids", nil),
			},
			Check: oidcProviderIs(acc, ramapi.OIDCProvider{Name: name, Fingerprints: cloned(prints[1:3]...), IssuanceLimitTime: 168}),
		},
		resource.TestStep{Config: oidcConfig(name, prints[1:3]), ConfigPlanChecks: acctest.PlansNothing()},
	)
}

func TestAccOIDCProvider_fullListsAreReplaced(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("ci")
	clients := func(first int) (ids []string) {
		for i := range 50 {
			ids = append(ids, fmt.Sprintf("client-%d", first+i))
		}
		return ids
	}
	acc.Run(t,
		resource.TestStep{Config: oidcConfig(name, prints[:5], list("client_ids", clients(0)))},
		resource.TestStep{
			Config: oidcConfig(name, prints[5:], list("client_ids", clients(3))),
			Check: oidcProviderIs(acc, ramapi.OIDCProvider{
				Name: name, Fingerprints: cloned(prints[5:]...), ClientIDs: clients(3), IssuanceLimitTime: 12,
			}),
		},
		resource.TestStep{
			Config: oidcConfig(name, prints[:1]),
			Check:  oidcProviderIs(acc, ramapi.OIDCProvider{Name: name, Fingerprints: cloned(prints[0]), IssuanceLimitTime: 12}),
		},
	)
}

func TestAccOIDCProvider_theSameListsWrittenOtherwisePlanNothing(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("ci")
	upper := []string{strings.ToUpper(prints[1]), prints[0]}
	acc.Run(t,
		resource.TestStep{Config: oidcConfig(name, prints[:2], list("client_ids", []string{"a", "b"}))},
		resource.TestStep{
			Config:           oidcConfig(name, upper, list("client_ids", []string{"b", "a"})),
			ConfigPlanChecks: acctest.PlansNothing(),
		},
		resource.TestStep{ // one more, and the others stay, however they are written
			Config: oidcConfig(name, append(upper, prints[2]), list("client_ids", []string{"b", "a"})),
			Check: oidcProviderIs(acc, ramapi.OIDCProvider{
				Name: name, Fingerprints: cloned(prints[:3]...), ClientIDs: []string{"a", "b"}, IssuanceLimitTime: 12,
			}),
		},
		resource.TestStep{
			Config:           oidcConfig(name, append(upper, prints[2]), list("client_ids", []string{"b", "a"})),
			ConfigPlanChecks: acctest.PlansNothing(),
		},
	)
}

func TestAccOIDCProvider_noClientIDsAreNoneHoweverTheyAreWritten(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("ci")
	acc.Run(t,
		resource.TestStep{Config: oidcConfig(name, prints[:1], "client_ids = []"), ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_oidc_provider.ci", "client_ids", set())}},
		resource.TestStep{Config: oidcConfig(name, prints[:1], "client_ids = []"), ConfigPlanChecks: acctest.PlansNothing()},
		resource.TestStep{Config: oidcConfig(name, prints[:1], list("client_ids", []string{"a"}))},
		resource.TestStep{Config: oidcConfig(name, prints[:1], "client_ids = []")},
		resource.TestStep{Config: oidcConfig(name, prints[:1], "client_ids = []"), ConfigPlanChecks: acctest.PlansNothing()},
	)
}

func TestAccOIDCProvider_whatAFailureHasChangedIsInTheState(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		s.Intercept = func(c ramserver.Call) *ramserver.Fault {
			if c.Action == "AddFingerprintToOIDCProvider" && c.Params.Get("Fingerprint") == prints[2] {
				return &ramserver.Fault{Status: 403, Code: "NoPermission", Message: "not this one"}
			}
			return nil
		}
	})
	name := acc.Name("ci")
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acc.Factories(),
		AdditionalCLIOptions:     &resource.AdditionalCLIOptions{Plan: resource.PlanOptions{NoRefresh: true}},
		Steps: []resource.TestStep{
			{Config: oidcConfig(name, prints[:1])},
			{Config: oidcConfig(name, prints[1:3]), ExpectError: regexp.MustCompile(`Not this one`)},
			{Config: oidcConfig(name, prints[:2]), ConfigPlanChecks: acctest.PlansNothing()},
		},
	})
}

func TestAccOIDCProvider_isReplacedByAnotherNameOrIssuer(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("ci")
	acc.Run(t,
		resource.TestStep{Config: oidcConfig(name, prints[:1])},
		resource.TestStep{
			Config:           strings.Replace(oidcConfig(name, prints[:1]), ".example.com", ".example.org", 1),
			ConfigPlanChecks: acctest.Plans("ram_oidc_provider.ci", plancheck.ResourceActionReplace),
		},
		resource.TestStep{
			Config:           oidcConfig(acc.Name("cd"), prints[:1]),
			ConfigPlanChecks: acctest.Plans("ram_oidc_provider.ci", plancheck.ResourceActionReplace),
			Check: acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
				_, err := ram.OIDCProvider(ctx, name)
				return acctest.Gone(err)
			}),
		},
	)
}

func TestAccOIDCProvider_driftIsRepaired(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("ci")
	config := oidcConfig(name, prints[:2], list("client_ids", []string{"app"}), `issuance_limit_time = 6`)
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				ram, ctx := acc.Client(), t.Context()
				_, err := ram.UpdateOIDCProvider(ctx, name, ramapi.OIDCProviderUpdate{Description: new("mine"), ClientIDs: []string{"thief"}, IssuanceLimitTime: 100})
				for _, change := range []error{err, ram.AddOIDCFingerprint(ctx, name, prints[5]), ram.RemoveOIDCFingerprint(ctx, name, prints[0])} {
					if change != nil {
						t.Fatal(change)
					}
				}
			},
			Config:           config,
			ConfigPlanChecks: acctest.Plans("ram_oidc_provider.ci", plancheck.ResourceActionUpdate),
			Check: oidcProviderIs(acc, ramapi.OIDCProvider{
				Name: name, ClientIDs: []string{"app"}, Fingerprints: cloned(prints[:2]...), IssuanceLimitTime: 6,
			}),
		},
	)
}

func TestAccOIDCProvider_deletedOutsideTerraformIsRecreatedAndDestroyed(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("ci")
	vanish := func() {
		if err := acc.Client().DeleteOIDCProvider(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	config := oidcConfig(name, prints[:1])
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{PreConfig: vanish, Config: config, ConfigPlanChecks: acctest.Plans("ram_oidc_provider.ci", plancheck.ResourceActionCreate)},
		resource.TestStep{PreConfig: vanish, Config: config, Destroy: true},
	)
}

func TestAccOIDCProvider_mistakesAreRefusedWhilePlanning(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	with := func(attribute, value string) string {
		return regexp.MustCompile(attribute+` = .*`).ReplaceAllLiteralString(
			oidcConfig("ci", prints[:1], "client_ids = []", `description = ""`, "issuance_limit_time = 1"), attribute+" = "+value)
	}
	for config, message := range map[string]string{
		with("name", `"c i"`):                                               `has the\s+character ' '`,
		with("name", `".ci"`):                                               `must neither begin nor end`,
		with("issuer_url", `"http://ci.example.com"`):                       `is not an\s+https URL`,
		with("issuer_url", `"https://ci.example.com?a=b"`):                  `has a\s+query`,
		with("issuer_url", `"https://me@ci.example.com"`):                   `logon\s+information`,
		with("issuer_url", `"https://`+strings.Repeat("a", 250)+`.com"`):    `has\s+262\s+characters`,
		with("fingerprints", `[]`):                                          `at least 1`,
		with("fingerprints", `["A1:B2"]`):                                   `leave out the\s+colons`,
		with("fingerprints", `[null]`):                                      `[Nn]ull`,
		with("fingerprints", "["+strings.Join(quoted(prints[:6]), ",")+"]"): `at most 5`,
		with("client_ids", `["-a"]`):                                        `begin with a letter`,
		with("client_ids", `["a,b"]`):                                       `letters, digits`,
		with("client_ids", `[for i in range(51) : "c${i}"]`):                `at most 50`,
		with("issuance_limit_time", `169`):                                  `between 1 and 168`,
		with("description", `"`+strings.Repeat("a", 257)+`"`):               `at most 256`,
	} {
		acc.Run(t, resource.TestStep{Config: config, PlanOnly: true, ExpectError: regexp.MustCompile(message)})
	}
	if writes := acc.Writes(0); len(writes) > 0 {
		t.Errorf("%s was called for what is known to be wrong", writes)
	}
}

func TestAccOIDCProvider_isPlannedWithUnknownValues(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("ci")
	config := func(more string) string {
		return fmt.Sprintf(`
			resource "terraform_data" "ci" { input = { name = %q, issuer = %q, print = %q, client = "app" } }
			resource "ram_oidc_provider" "ci" {
			  name         = terraform_data.ci.output.name
			  issuer_url   = terraform_data.ci.output.issuer
			  fingerprints = [terraform_data.ci.output.print%s]
			  client_ids   = toset([terraform_data.ci.output.client])
			  description  = terraform_data.ci.id
			}`, name, issuerOf(name), prints[0], more)
	}
	acc.Run(t,
		resource.TestStep{
			Config:            config(""),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_oidc_provider.ci", "fingerprints", set(prints[0]))},
		},
		resource.TestStep{ // one item unknown
			Config: strings.Replace(config(", terraform_data.more.output"), `resource "ram_`, fmt.Sprintf("resource \"terraform_data\" \"more\" { input = %q }\nresource \"ram_", prints[1]), 1),
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State("ram_oidc_provider.ci", "fingerprints", set(prints[:2]...)),
			},
		},
	)
}

func TestAccOIDCProvider_thatExistsAlreadyIsRefusedWithTheImportCommandOfTheOneInTheWay(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name, other := acc.Name("ci"), acc.Name("other")
	_, err := acc.Client().CreateOIDCProvider(t.Context(), ramapi.OIDCProvider{Name: name, IssuerURL: issuerOf(name), Fingerprints: prints[:1]})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = acc.Client().DeleteOIDCProvider(context.Background(), name) })
	command := regexp.MustCompile(`terraform import\s+ram_oidc_provider\.NAME\s+` + name)
	acc.Run(t,
		resource.TestStep{Config: oidcConfig(name, prints[:1]), ExpectError: command},
		resource.TestStep{Config: strings.Replace(oidcConfig(name, prints[:1]), fmt.Sprintf("name = %q", name), fmt.Sprintf("name = %q", other), 1), ExpectError: command},
	)
}
