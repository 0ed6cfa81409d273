package federation_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// manyProviders is an account with 220 providers of each kind, which are three
// pages of RAM's lists.
func manyProviders(s *ramserver.Server) {
	var saml, oidc []string
	for i := range 220 {
		saml = append(saml, fmt.Sprintf(`"saml-%03d": {"EncodedSAMLMetadataDocument": "PGEvPg==", "Description": "number %d"}`, i, i))
		oidc = append(oidc, fmt.Sprintf(`"oidc-%03d": {"IssuerUrl": "https://%d.example.com", "Fingerprints": ["aa", "bb"], "ClientIds": ["c"]}`, i, i))
	}
	err := s.Load([]byte(`{"Format": 1, "SAMLProviders": {` + strings.Join(saml, ",") + `}, "OIDCProviders": {` + strings.Join(oidc, ",") + `}}`))
	if err != nil {
		panic(err)
	}
}

func sizeOf(address, attribute string, n int) statecheck.StateCheck {
	return acctest.State(address, attribute, knownvalue.ListSizeExact(n))
}

func row(values map[string]knownvalue.Check) knownvalue.Check {
	return knownvalue.ObjectPartial(values)
}

func TestAccProviders_areAnEmptyListWhereThereAreNone(t *testing.T) {
	t.Parallel()
	acctest.NewLocal(t).Run(t, resource.TestStep{
		Config: `
			data "ram_saml_providers" "all" {}
			data "ram_oidc_providers" "all" {}`,
		ConfigStateChecks: []statecheck.StateCheck{
			sizeOf("data.ram_saml_providers.all", "saml_providers", 0),
			sizeOf("data.ram_oidc_providers.all", "oidc_providers", 0),
		},
	})
}

func TestAccProviders_areGivenWithAllThatRAMTells(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("one")
	date := knownvalue.StringRegexp(regexp.MustCompile(`^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$`))
	made := samlConfig(name, asXML(document("office")), `authn_sign_algo = "rsa-sha256"`) + "\n" +
		oidcConfig(name, prints[:2], list("client_ids", []string{"app"}), `description = "Builds"`)
	acc.Run(t,
		resource.TestStep{Config: made},
		resource.TestStep{
			Config: made + fmt.Sprintf(`
				data "ram_saml_providers" "one" { name_regex = "^%[1]s$" }
				data "ram_oidc_providers" "one" { name_regex = "^%[1]s$" }`, name),
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State("data.ram_saml_providers.one", "saml_providers", knownvalue.ListExact([]knownvalue.Check{row(map[string]knownvalue.Check{
					"name": knownvalue.StringExact(name), "description": knownvalue.Null(), "authn_sign_algo": knownvalue.StringExact("rsa-sha256"),
					"arn": knownvalue.StringRegexp(regexp.MustCompile(`:saml-provider/` + name + `$`)), "create_date": date, "update_date": date,
				})})),
				acctest.State("data.ram_oidc_providers.one", "oidc_providers", knownvalue.ListExact([]knownvalue.Check{row(map[string]knownvalue.Check{
					"name": knownvalue.StringExact(name), "description": knownvalue.StringExact("Builds"), "issuer_url": knownvalue.StringExact(issuerOf(name)),
					"arn":        knownvalue.StringRegexp(regexp.MustCompile(`:oidc-provider/` + name + `$`)),
					"client_ids": set("app"), "fingerprints": set(prints[:2]...), "issuance_limit_time": knownvalue.Int64Exact(12),
					"create_date": date, "update_date": date,
				})})),
			},
		},
	)
}

func TestAccProviders_areReadToTheLastPageAndSortedByName(t *testing.T) {
	t.Parallel()
	named := func(kind string, numbers ...int) knownvalue.Check {
		var rows []knownvalue.Check
		for _, n := range numbers {
			rows = append(rows, row(map[string]knownvalue.Check{"name": knownvalue.StringExact(fmt.Sprintf("%s-%03d", kind, n))}))
		}
		return knownvalue.ListExact(rows)
	}
	acc := acctest.NewLocal(t, manyProviders)
	acc.Run(t, resource.TestStep{
		Config: `
			data "ram_saml_providers" "some" { name_regex = "(09|19)9$|-000$" }
			data "ram_oidc_providers" "some" { name_regex = "(09|19)9$|-000$" }
			data "ram_oidc_providers" "all" {}`,
		ConfigStateChecks: []statecheck.StateCheck{
			acctest.State("data.ram_saml_providers.some", "saml_providers", named("saml", 0, 99, 199)),
			acctest.State("data.ram_oidc_providers.some", "oidc_providers", named("oidc", 0, 99, 199)),
			sizeOf("data.ram_oidc_providers.all", "oidc_providers", 220),
		},
	})
}

func TestAccProviders_aRegularExpressionThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	for _, kind := range []string{"saml", "oidc"} {
		acc.Run(t, resource.TestStep{
			Config:      fmt.Sprintf(`data "ram_%s_providers" "some" { name_regex = "(" }`, kind),
			ExpectError: regexp.MustCompile(`Invalid regular expression`),
		})
	}
}

func TestAccProviders_madeInTheSameRunAreAmongThem(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLagging(t)
	name := acc.Name("new")
	config := samlConfig(name, asXML(document("office"))) + "\n" + oidcConfig(name, prints[:1]) + fmt.Sprintf(`
		data "ram_saml_providers" "some" {
		  name_regex = "^%[1]s$"
		  depends_on = [ram_saml_provider.office]
		}
		data "ram_oidc_providers" "some" {
		  name_regex = "^%[1]s$"
		  depends_on = [ram_oidc_provider.ci]
		}`, name)
	acc.Run(t, resource.TestStep{Config: config, ConfigStateChecks: []statecheck.StateCheck{
		sizeOf("data.ram_saml_providers.some", "saml_providers", 1),
		sizeOf("data.ram_oidc_providers.some", "oidc_providers", 1),
	}})
}
