package provider_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/provider"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

const account = `data "ram_account" "this" {}`

func TestAccProvider_wrongSecretIsSaidInWords(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	acc.SetEnv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "wrong")
	acc.Run(t, resource.TestStep{
		Config:      account,
		ExpectError: regexp.MustCompile(`(?s)The access key secret does not belong to the access key ID.*SignatureDoesNotMatch`),
	})
}

func TestAccProvider_takesTheOfficialProvidersVariables(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	env := acc.Env()
	acc.SetEnv("ALICLOUD_ACCESS_KEY", env["ALIBABA_CLOUD_ACCESS_KEY_ID"])
	acc.SetEnv("ALICLOUD_SECRET_KEY", env["ALIBABA_CLOUD_ACCESS_KEY_SECRET"])
	acc.SetEnv("ALIBABA_CLOUD_ACCESS_KEY_ID", "")
	acc.SetEnv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "")
	acc.Run(t, resource.TestStep{Config: account})
}

func TestAccProvider_blockWinsOverTheEnvironment(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	env := acc.Env()
	for name := range env {
		acc.SetEnv(name, "https://wrong.invalid")
	}
	config := fmt.Sprintf(`provider "ram" {
		access_key_id     = %q
		access_key_secret = %q
		endpoints {
			ram = %[3]q
			ims = %[3]q
			sts = %[3]q
		}
	}
	`, env["ALIBABA_CLOUD_ACCESS_KEY_ID"], env["ALIBABA_CLOUD_ACCESS_KEY_SECRET"], env["ALIBABA_CLOUD_ENDPOINT_RAM"])
	acc.Run(t, resource.TestStep{Config: config + account})
}

func TestAccProvider_wrongAccountStopsEverything(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	config := func(id string) string {
		return fmt.Sprintf(`provider "ram" { allowed_account_ids = [%q] }
			resource "ram_user" "alice" { name = %q }`, id, acc.Name("alice"))
	}
	acc.Run(t,
		resource.TestStep{Config: config("1111222233334444"), ExpectError: regexp.MustCompile(`(?s)1234567890123456.*1111222233334444`)},
		resource.TestStep{Config: config("1234567890123456")},
	)
	if n := acc.CallsOf("CreateUser"); n != 1 {
		t.Errorf("%d users were created, want 1", n)
	}
}

func TestAccProvider_assumesARole(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	ctx := t.Context()
	user, roleName := acc.Name("admin"), acc.Name("deployer")
	if _, err := acc.Client().CreateUser(ctx, ramapi.User{Name: user}); err != nil {
		t.Fatal(err)
	}
	key, err := acc.Client().CreateAccessKey(ctx, user)
	if err != nil {
		t.Fatal(err)
	}
	role, err := acc.Client().CreateRole(ctx, ramapi.Role{
		Name: roleName, MaxSessionDuration: 3600,
		AssumeRolePolicyDocument: `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1234567890123456:root"]}}]}`,
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := acc.Client().Role(ctx, roleName); err != nil { // waits until it shows
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = acc.Client().DeleteRole(context.Background(), roleName)
		_ = acc.Client().DeleteAccessKey(context.Background(), user, key.ID)
		_ = acc.Client().DeleteUser(context.Background(), user)
	})
	acc.SetEnv("ALIBABA_CLOUD_ACCESS_KEY_ID", key.ID)
	acc.SetEnv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", key.Secret)
	acc.Run(t, resource.TestStep{
		Config: fmt.Sprintf(`provider "ram" {
			assume_role {
				role_arn     = %q
				session_name = "ci"
			}
		}
		`, role.ARN) + account,
		ConfigStateChecks: []statecheck.StateCheck{acctest.State("data.ram_account.this", "account_id", "1234567890123456")},
	})
	for _, c := range acc.Server.Calls() {
		if c.Action == "GetAccountAlias" && !strings.HasPrefix(c.AccessKeyID, "STS.") {
			t.Errorf("GetAccountAlias was called as %s, not as the role", c.AccessKeyID)
		}
	}
}

// A Terraform stack has its token as a value, not in a file.
func TestAccProvider_assumesARoleWithATokenThatIsAValue(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	ctx := t.Context()
	const issuer = "https://app.terraform.io"
	issues, err := acc.Client().CreateOIDCProvider(ctx, ramapi.OIDCProvider{
		Name: acc.Name("stacks"), IssuerURL: issuer, ClientIDs: []string{"alibabacloud"}, Fingerprints: []string{strings.Repeat("ab", 20)},
	})
	if err != nil {
		t.Fatal(err)
	}
	role, err := acc.Client().CreateRole(ctx, ramapi.Role{
		Name: acc.Name("stack"), MaxSessionDuration: 3600,
		AssumeRolePolicyDocument: fmt.Sprintf(`{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Federated":[%q]},`+
			`"Condition":{"StringEquals":{"oidc:iss":%q,"oidc:aud":"alibabacloud","oidc:sub":"project:identity"}}}]}`, issues.ARN, issuer),
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := acc.Client().Role(ctx, acc.Name("stack")); err != nil { // waits until it shows
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = acc.Client().DeleteRole(context.Background(), acc.Name("stack"))
		_ = acc.Client().DeleteOIDCProvider(context.Background(), acc.Name("stacks"))
	})
	claims := fmt.Sprintf(`{"iss":%q,"aud":"alibabacloud","sub":"project:identity","exp":%d}`, issuer, time.Now().Add(time.Hour).Unix())
	token := "e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".c2ln"
	for _, name := range []string{"ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"} {
		acc.SetEnv(name, "")
	}
	acc.SetEnv("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/there/is/no/such/file")
	config := fmt.Sprintf("provider \"ram\" {\nassume_role_with_oidc {\nrole_arn = %q\noidc_provider_arn = %q\noidc_token = %q\n}\n}\n", role.ARN, issues.ARN, token)
	acc.Run(t, resource.TestStep{
		Config: config + `data "ram_caller_identity" "this" {}`,
		ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue("data.ram_caller_identity.this", tfjsonpath.New("arn"),
			knownvalue.StringRegexp(regexp.MustCompile(`role/`+acc.Name("stack")+`/`)))},
	})
}

func TestAccProvider_mistakesAreRefusedAtTheAttribute(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	for block, message := range map[string]string{
		`endpoints { ram = "http://ram.example.com" }`:                 `(?s)plain\s+http.*loopback`,
		`endpoints { ims = "https://ims.example.com/path" }`:           `more than a protocol`,
		`access_key_id = "LTAI"`:                                       `access_key_secret`,
		`max_concurrency = 0`:                                          `max_concurrency`,
		`request_timeout = 0`:                                          `request_timeout`,
		"assume_role {}":                                               `role_arn`,
		"assume_role_with_oidc {\nrole_arn = \"acs:ram::1:role/x\"\n}": `oidc_token_file`,

		"assume_role_with_oidc {\noidc_token = \"e30\"\noidc_token_file = \"t\"\n}":     `(?s)oidc_token.*cannot\s+be\s+specified`,
		"assume_role {\nrole_arn = \"a\"\n}\nassume_role_with_oidc {}":                  `assume_role_with_oidc`,
		"profile = terraform_data.later.id\n}\nresource \"terraform_data\" \"later\" {": `(?s)known only\s+after the apply`,
	} {
		acc.Run(t, resource.TestStep{
			Config:      "provider \"ram\" {\n" + block + "\n}\n" + account,
			PlanOnly:    true,
			ExpectError: regexp.MustCompile(message),
		})
	}
}

// configure configures a provider in process and gives what it says.
func configure(t *testing.T, env map[string]string) (tfprotov6.ProviderServer, []*tfprotov6.Diagnostic) {
	t.Helper()
	server, err := providerserver.NewProtocol6WithError(provider.NewWithEnv("test", func(name string) string { return env[name] }))()
	if err != nil {
		t.Fatal(err)
	}
	schema, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	block := schema.Provider.ValueType()
	config, err := tfprotov6.NewDynamicValue(block, emptyBlock(block))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: &config})
	if err != nil {
		t.Fatal(err)
	}
	return server, resp.Diagnostics
}

func emptyBlock(block tftypes.Type) tftypes.Value {
	attributes := map[string]tftypes.Value{}
	for name, typ := range block.(tftypes.Object).AttributeTypes {
		attributes[name] = tftypes.NewValue(typ, nil)
	}
	return tftypes.NewValue(block, attributes)
}

func TestConfigureSendsNothingUnlessAsked(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	_, diags := configure(t, acc.Env())
	if len(diags) > 0 || len(acc.Server.Calls()) > 0 {
		t.Errorf("got %v, and the calls %v", diags, acc.Server.Calls())
	}
}

func TestWorkingAsTheAccountItselfGivesAWarning(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	env := acc.Env()
	env["ALIBABA_CLOUD_ALLOWED_ACCOUNT_IDS"] = "1234567890123456, 1111222233334444"
	_, diags := configure(t, env)
	if len(diags) != 1 || diags[0].Severity != tfprotov6.DiagnosticSeverityWarning || !strings.Contains(diags[0].Summary, "root") {
		t.Errorf("got %v, want one warning", diags)
	}
}
