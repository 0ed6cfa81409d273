package provider_test

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// What the documentation shows is applied, and planned again without a change.
func TestAccExamples_applyAndSettle(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../examples/*/ram_*/*source*.tf")
	functions, _ := filepath.Glob("../../examples/functions/*/function.tf")
	files = append(files, functions...)
	if err != nil || len(files) < 9 || len(functions) < 9 {
		t.Fatalf("found %d examples, %d of them of functions, %v", len(files), len(functions), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			t.Parallel()
			if strings.Contains(file, "ram_oidc_fingerprint") {
				t.Skip("asks a host on the internet; internal/federation applies it to a host of its own")
			}
			if strings.Contains(file, "ram_assume_role_with_oidc") {
				t.Skip("needs a token of a CI system; internal/role makes one of its own")
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			config := withDefaults(string(text))
			acc := acctest.NewLocal(t)
			acc.Run(t,
				resource.TestStep{Config: config},
				resource.TestStep{Config: config, ConfigPlanChecks: acctest.PlansNothing()},
			)
			checkPermissions(t, acc, config)
		})
	}
}

var (
	typesUsed   = regexp.MustCompile(`(?m)^\s*(resource|data|ephemeral) "ram_(\w+)"`)
	permissions = regexp.MustCompile("`((?:ram|sts):\\w+)`")
	folders     = map[string]string{"resource": "resources", "data": "data-sources", "ephemeral": "ephemeral-resources"}
)

// checkPermissions holds what the service was asked against what the pages of all
// that the configuration uses say may be.
func checkPermissions(t *testing.T, acc *acctest.Account, config string) {
	t.Helper()
	stated := map[string]bool{"": true}
	for _, used := range typesUsed.FindAllStringSubmatch(config, -1) {
		page, err := os.ReadFile(filepath.Join("..", "..", "docs", folders[used[1]], used[2]+".md"))
		if err != nil {
			t.Fatal(err)
		}
		_, section, _ := strings.Cut(string(page), "\n## Permissions\n")
		section, _, _ = strings.Cut(section, "\n## ")
		for _, permission := range permissions.FindAllStringSubmatch(section, -1) {
			stated[permission[1]] = true
		}
	}
	for _, call := range acc.Server.Calls() {
		if permission := ramapi.Permission(call.Action); !stated[permission] {
			t.Errorf("%s was called, which needs %s: no page says so; run make generate", call.Action, permission)
		}
	}
}

// What a CI system gets from examples/ci-oidc: the role for tokens of the branch
// that may deploy, and for no other.
func TestAccExampleCIOIDC_givesTheRoleToTokensOfTheBranchAlone(t *testing.T) {
	t.Parallel()
	var config strings.Builder
	for _, name := range []string{"variables", "main", "outputs"} { // versions.tf is for a provider from a registry
		text, err := os.ReadFile("../../examples/ci-oidc/" + name + ".tf")
		if err != nil {
			t.Fatal(err)
		}
		config.Write(text)
	}
	acc := acctest.NewLocal(t)
	tokenOf := func(branch string) string {
		claims := fmt.Sprintf(`{"iss":"https://token.actions.githubusercontent.com","aud":"sts.aliyuncs.com","sub":"repo:example/app:ref:refs/heads/%s","exp":%d}`,
			branch, time.Now().Add(time.Hour).Unix())
		file := filepath.Join(t.TempDir(), "token")
		if err := os.WriteFile(file, []byte("e30."+base64.RawURLEncoding.EncodeToString([]byte(claims))+".c2ln"), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	signOn := func(state *terraform.State, branch string) (ramapi.CallerIdentity, error) {
		outputs := state.RootModule().Outputs
		server := acc.Env()["ALIBABA_CLOUD_ENDPOINT_STS"]
		client, err := ramapi.New(ramapi.Config{
			Credentials: ramapi.Credentials{AssumeRoleWithOIDC: &ramapi.AssumeRoleWithOIDC{
				RoleARN: fmt.Sprint(outputs["role_arn"].Value), OIDCProviderARN: fmt.Sprint(outputs["oidc_provider_arn"].Value),
				OIDCTokenFile: tokenOf(branch), SessionName: "ci",
			}},
			Endpoints: ramapi.Endpoints{RAM: server, IMS: server, STS: server, ResourceManager: server},
		})
		if err != nil {
			return ramapi.CallerIdentity{}, err
		}
		return client.CallerIdentity(t.Context())
	}
	acc.Run(t,
		resource.TestStep{
			Config: config.String(),
			Check: func(state *terraform.State) error {
				caller, err := signOn(state, "main")
				if err != nil {
					return err
				}
				if !strings.HasSuffix(caller.ARN, "role/ci-deployer/ci") {
					return fmt.Errorf("the main branch became %s", caller.ARN)
				}
				if caller, err := signOn(state, "other"); err == nil {
					return fmt.Errorf("another branch became %s", caller.ARN)
				}
				return nil
			},
		},
		resource.TestStep{Config: config.String(), ConfigPlanChecks: acctest.PlansNothing()},
	)
}

// withDefaults gives every variable of an example a value that is a good
// password.
func withDefaults(config string) string {
	var out []string
	for line := range strings.Lines(config) {
		out = append(out, line)
		if strings.HasPrefix(line, "variable ") {
			out = append(out, "default = \"An-1nitial-Passw0rd!\"\n")
		}
	}
	return strings.Join(out, "")
}
