package role_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// echoing gives the factories with a provider that keeps in the state what it
// is given, for tests of ephemeral values.
func echoing(acc *acctest.Account) map[string]func() (tfprotov6.ProviderServer, error) {
	factories := acc.Factories()
	factories["echo"] = echoprovider.NewProviderServer()
	return factories
}

// deployer is a role that whoever is of the account may assume.
func deployer(name, more string) string {
	return fmt.Sprintf(`
		data "ram_caller_identity" "me" {}
		resource "ram_role" "deployer" {
		  name = %q
		  assume_role_policy_document = jsonencode({ Version = "1", Statement = [{
		    Effect    = "Allow", Action = ["sts:AssumeRole", "sts:SetSourceIdentity"]
		    Principal = { RAM = ["acs:ram::${data.ram_caller_identity.me.account_id}:root"] }
		  }] })
		  %s
		}`, name, more)
}

// assuming opens a session of the role, and shows its credentials in the state.
func assuming(attributes string) string {
	return fmt.Sprintf(`
		ephemeral "ram_assume_role" "it" {
		  role_arn = ram_role.deployer.arn
		  %s
		}
		provider "echo" { data = ephemeral.ram_assume_role.it }
		resource "echo" "it" {}`, attributes)
}

func shows(attribute string, want knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue("echo.it", tfjsonpath.New("data").AtMapKey(attribute), want)
}

func TestAccAssumeRole_givesCredentialsThatWorkAsTheRole(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	name := acc.Name("deployer")
	const whole = `
		  session_name     = "nightly"
		  source_identity  = "alice"
		  duration_seconds = 7200
		  policy           = jsonencode({ Version = "1", Statement = [{ Effect = "Allow", Action = "ram:Get*", Resource = "*" }] })`
	as := `
		provider "ram" {
		  alias             = "deployer"
		  access_key_id     = ephemeral.ram_assume_role.it.access_key_id
		  access_key_secret = ephemeral.ram_assume_role.it.access_key_secret
		  security_token    = ephemeral.ram_assume_role.it.security_token
		}
		data "ram_caller_identity" "deployer" { provider = ram.deployer }
		output "who" { value = data.ram_caller_identity.deployer.arn }`
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: echoing(acc), Steps: []resource.TestStep{
		{ // the role is not there yet while planning
			Config: deployer(name, "max_session_duration = 7200") + assuming(whole),
			ConfigStateChecks: []statecheck.StateCheck{
				shows("access_key_id", knownvalue.StringRegexp(regexp.MustCompile(`^STS\.`))),
				shows("access_key_secret", knownvalue.NotNull()),
				shows("security_token", knownvalue.NotNull()),
				shows("expiration", knownvalue.StringRegexp(regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`))),
				shows("assumed_role_arn", knownvalue.StringRegexp(regexp.MustCompile(`(?i)role/`+name+`/nightly$`))),
				shows("assumed_role_id", knownvalue.StringRegexp(regexp.MustCompile(`^\d+:nightly$`))),
			},
		},
		{
			Config: deployer(name, "max_session_duration = 7200") + strings.Replace(assuming(whole), `resource "echo" "it" {}`, "", 1) + as,
			Check:  resource.TestMatchOutput("who", regexp.MustCompile(`(?i)role/`+name+`/nightly$`)),
		},
	}})
}

func TestAccAssumeRole_sessionIsNoLongerThanTheRoleAllows(t *testing.T) {
	t.Parallel()
	var unreadable atomic.Bool
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		s.Intercept = func(c ramserver.Call) *ramserver.Fault {
			if unreadable.Load() && c.Action == "GetRole" {
				return &ramserver.Fault{Status: http.StatusForbidden, Code: "NoPermission", Message: "no"}
			}
			return nil
		}
	})
	config := func(seconds int) string {
		return deployer(acc.Name("deployer"), "max_session_duration = 7200") + assuming(fmt.Sprintf("duration_seconds = %d", seconds))
	}
	arn := func(seconds int) string { // without the role, which cannot be refreshed
		return strings.Replace(assuming(fmt.Sprintf("duration_seconds = %d", seconds)), "ram_role.deployer.arn", `"acs:ram::1234567890123456:role/`+acc.Name("deployer")+`"`, 1)
	}
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: echoing(acc), Steps: []resource.TestStep{
		{Config: config(43201), PlanOnly: true, ExpectError: regexp.MustCompile(`between 900 and\s+43200`)},
		{Config: config(899), PlanOnly: true, ExpectError: regexp.MustCompile(`between 900 and\s+43200`)},
		{Config: config(7200)},
		{Config: config(7201), PlanOnly: true, ExpectError: regexp.MustCompile(`(?s)duration_seconds is 7201; the\s+longest\s+session.+is\s+7200\s+seconds`)},
		{ // whoever cannot look hears it from the service
			PreConfig: func() { unreadable.Store(true) }, Config: arn(7201), PlanOnly: true,
			ExpectError: regexp.MustCompile(`(?s)Unable to assume RAM role.+max_session_duration`),
		},
		{PreConfig: func() { unreadable.Store(false) }, Config: deployer(acc.Name("deployer"), "max_session_duration = 7200")},
	}})
}

func TestAccAssumeRole_wrongValuesAreRefusedWhilePlanning(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	const good = "role_arn = \"acs:ram::1234567890123456:role/deployer\"\n"
	oidc := good + "oidc_provider_arn = \"acs:ram::1234567890123456:oidc-provider/ci\"\n"
	for config, message := range map[string]string{
		`ram_assume_role:role_arn = "deployer"`:                                                `must\s+be\s+the\s+ARN\s+of\s+a\s+role`,
		`ram_assume_role:` + good + `session_name = "a"`:                                       `2 to 64`,
		`ram_assume_role:` + good + `source_identity = "a b"`:                                  `2 to 64`,
		`ram_assume_role:` + good:                                                              `role does not exist`,
		`ram_assume_role_with_oidc:` + oidc:                                                    `either\s+oidc_token\s+or`,
		`ram_assume_role_with_oidc:` + oidc + "oidc_token = \"x\"\noidc_token_file = \"y\"":    `either\s+oidc_token\s+or`,
		`ram_assume_role_with_oidc:` + oidc + `oidc_token_file = "/nowhere/token"`:             `Reading\s+the\s+OIDC\s+token`,
		`ram_assume_role_with_oidc:` + good + "oidc_provider_arn = \"ci\"\noidc_token = \"x\"": `must\s+be\s+the\s+ARN\s+of\s+an\s+OIDC`,
		`ram_assume_role_with_oidc:` + oidc + "duration_seconds = 50000\noidc_token = \"x\"":   `between 900 and\s+43200`,
	} {
		kind, attributes, _ := strings.Cut(config, ":")
		resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: echoing(acc), Steps: []resource.TestStep{{
			Config:   fmt.Sprintf("ephemeral %q \"it\" {\n%s\n}\nprovider \"echo\" { data = ephemeral.%s.it }\nresource \"echo\" \"it\" {}", kind, attributes, kind),
			PlanOnly: true, ExpectError: regexp.MustCompile(message),
		}}})
	}
}

func TestAccAssumeRoleWithOIDC_takesATokenOrAFile(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	token := func(issuer string) string {
		claims := fmt.Sprintf(`{"iss":%q,"aud":"sts.aliyuncs.com","sub":"ci","exp":%d}`, issuer, time.Now().Add(time.Hour).Unix())
		return "e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".c2ln"
	}
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(token("https://ci.example.com")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	config := func(source string) string {
		return fmt.Sprintf(`
			resource "ram_oidc_provider" "ci" {
			  name         = %q
			  issuer_url   = "https://ci.example.com"
			  client_ids   = ["sts.aliyuncs.com"]
			  fingerprints = ["902ef2deeb3c5b13ea4c3d5193629309e231ae55"]
			}
			resource "ram_role" "ci" {
			  name                 = %q
			  max_session_duration = 7200
			  assume_role_policy_document = jsonencode({ Version = "1", Statement = [{
			    Effect    = "Allow", Action = "sts:AssumeRole"
			    Principal = { Federated = [ram_oidc_provider.ci.arn] }
			    Condition = { StringEquals = { "oidc:iss" = "https://ci.example.com", "oidc:aud" = "sts.aliyuncs.com" } }
			  }] })
			}
			ephemeral "ram_assume_role_with_oidc" "it" {
			  role_arn          = ram_role.ci.arn
			  oidc_provider_arn = ram_oidc_provider.ci.arn
			  session_name      = "pipeline"
			  %s
			}
			provider "echo" { data = ephemeral.ram_assume_role_with_oidc.it }
			resource "echo" "it" {}`, acc.Name("ci"), acc.Name("ci"), source)
	}
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: echoing(acc), Steps: []resource.TestStep{
		{
			Config: config(fmt.Sprintf("duration_seconds = 7200\noidc_token_file = %q", file)),
			ConfigStateChecks: []statecheck.StateCheck{
				shows("access_key_id", knownvalue.StringRegexp(regexp.MustCompile(`^STS\.`))),
				shows("assumed_role_id", knownvalue.StringRegexp(regexp.MustCompile(`^\d+:pipeline$`))),
			},
		},
		{Config: config(fmt.Sprintf("duration_seconds = 7201\noidc_token_file = %q", file)), PlanOnly: true, ExpectError: regexp.MustCompile(`duration_seconds is 7201`)},
		{Config: config(fmt.Sprintf("oidc_token = %q", token("https://other.example.com"))), PlanOnly: true, ExpectError: regexp.MustCompile(`(?s)Unable to assume RAM role.+token\s+is\s+not\s+valid`)},
		{Config: config(fmt.Sprintf("oidc_token = %q", token("https://ci.example.com"))), ConfigStateChecks: []statecheck.StateCheck{shows("security_token", knownvalue.NotNull())}},
	}})
}
