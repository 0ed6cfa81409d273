package provider_test

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/provider"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

func testdata(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "official", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// officialState is a state that the official provider wrote, with one of each of
// its types that have a counterpart; what was not in it is typed by hand.
func officialState(t *testing.T) string {
	t.Helper()
	var given, typed map[string]any
	if err := json.Unmarshal([]byte(testdata(t, "given.tfstate")), &given); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(testdata(t, "typed.json")), &typed); err != nil {
		t.Fatal(err)
	}
	given["resources"] = append(given["resources"].([]any), typed["resources"].([]any)...)
	text, err := json.Marshal(given)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The guide is done word for word: its configuration and its moved blocks, on the
// state that the official provider wrote and the account that this is about.
func TestAccMoved_aConfigurationOfTheOfficialProviderMovesWithoutAWrite(t *testing.T) {
	if os.Getenv("TF_ACC") == "" {
		t.Skip("runs terraform: set TF_ACC")
	}
	t.Parallel()
	metadata := testdata(t, "meta.xml")
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		account := strings.Replace(testdata(t, "account.json"), "METADATA", base64.StdEncoding.EncodeToString([]byte(metadata)), 1)
		if err := s.Load([]byte(account)); err != nil {
			t.Fatal(err)
		}
	})
	guide, err := os.ReadFile("../../templates/guides/moving-from-the-official-provider.md.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for i, block := range regexp.MustCompile("(?s)```terraform\n(.*?)```").FindAllStringSubmatch(string(guide), -1) {
		write(t, folder, fmt.Sprintf("guide%d.tf", i), block[1])
	}
	write(t, folder, "meta.xml", metadata)
	write(t, folder, "terraform.tfstate", officialState(t))
	// Terraform wants to know the old provider. Any stands in for it: what has moved never reaches it.
	for _, name := range []string{"ram", "alicloud"} {
		binary := filepath.Join(folder, "bin", name, "terraform-provider-"+name)
		if out, err := exec.Command("go", "build", "-o", binary, "github.com/ram-provider/terraform-provider-ram").CombinedOutput(); err != nil {
			t.Fatalf("building the provider: %v\n%s", err, out)
		}
	}
	bin := filepath.Join(folder, "bin")
	write(t, folder, "cli.tfrc", fmt.Sprintf(`provider_installation {
		dev_overrides {
			"registry.terraform.io/ram-provider/ram" = "%[1]s/ram"
			"registry.opentofu.org/ram-provider/ram" = "%[1]s/ram"
			"registry.terraform.io/aliyun/alicloud" = "%[1]s/alicloud"
			"registry.opentofu.org/aliyun/alicloud" = "%[1]s/alicloud"
		}
		direct {}
	}`, filepath.ToSlash(bin)))
	run := func(args ...string) string {
		t.Helper()
		cmd := exec.Command(cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform"), args...)
		cmd.Dir = folder
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + folder, "CHECKPOINT_DISABLE=1", "TF_CLI_CONFIG_FILE=" + filepath.Join(folder, "cli.tfrc")}
		for name, value := range acc.Env() {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("terraform %v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	plan := run("plan", "-no-color")
	if !strings.Contains(plan, "Plan: 0 to add, 0 to change, 0 to destroy.") && !strings.Contains(plan, "0 to add, 0 to change") {
		t.Errorf("the move changes something:\n%s", plan)
	}
	run("apply", "-auto-approve", "-no-color")
	if after := run("plan", "-detailed-exitcode", "-no-color"); !strings.Contains(after, "No changes") {
		t.Errorf("something is left to do:\n%s", after)
	}
	if writes := acc.Writes(0); len(slices.DeleteFunc(writes, func(a string) bool { return a == "GetCallerIdentity" })) > 0 {
		t.Errorf("the move called %v", writes)
	}
	state, err := os.ReadFile(filepath.Join(folder, "terraform.tfstate"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(state), `"alicloud_`) {
		t.Error("the state still has resources of the official provider")
	}
	if !strings.Contains(string(state), "3FVM341JNSNjyvj48buwXudwuSTNWw") {
		t.Error("the secret of the access key was lost")
	}
	// A password that is changed afterwards is set, as ever.
	const after = "An0ther!one-Y8yy"
	config, err := os.ReadFile(filepath.Join(folder, "guide0.tf"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, folder, "guide0.tf", strings.Replace(string(config), "Str0ng!pass-X9zz", after, 1))
	run("apply", "-auto-approve", "-no-color")
	if !acc.Server.CheckPassword("bob", after) {
		t.Error("the changed password was not set")
	}
}

func write(t *testing.T, folder, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// move has the provider, which is not configured, move a state.
func move(t *testing.T, address, sourceType, attributes, targetType string) (state map[string]tftypes.Value, diags []*tfprotov6.Diagnostic) {
	t.Helper()
	server, err := providerserver.NewProtocol6WithError(provider.New("test"))()
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	moved, err := server.MoveResourceState(t.Context(), &tfprotov6.MoveResourceStateRequest{
		SourceProviderAddress: address, SourceTypeName: sourceType, SourceState: &tfprotov6.RawState{JSON: []byte(attributes)}, TargetTypeName: targetType,
	})
	if err != nil {
		t.Fatal(err)
	}
	if moved.TargetState == nil {
		return nil, moved.Diagnostics
	}
	value, err := moved.TargetState.Unmarshal(schemas.ResourceSchemas[targetType].ValueType())
	if err == nil && !value.IsNull() {
		err = value.As(&state)
	}
	if err != nil {
		t.Fatal(err)
	}
	return state, moved.Diagnostics
}

const official = "registry.terraform.io/aliyun/alicloud"

// What the one account of the other test cannot have twice, or as older versions
// of the official provider wrote it.
func TestMoved_eachTypeTakesWhatItsStateHas(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, state, to, attribute, want string }{
		{"alicloud_ram_alias", `{"id":"1234567890123456","account_alias":"example"}`, "ram_account_alias", "account_alias", "example"},
		{"alicloud_ram_account_password_policy", `{"id":"1234567890123456","max_login_attempts":5,"minimum_password_length":12}`, "ram_password_policy", "account_id", "1234567890123456"},
		{"alicloud_ram_group", `{"id":"old","name":"old"}`, "ram_group", "name", "old"},
		{"alicloud_ram_role", `{"id":"old","name":"old","document":"{\"Version\":\"1\"}"}`, "ram_role", "assume_role_policy_document", `{"Version":"1"}`},
		{"alicloud_ram_policy", `{"id":"old","name":"old","document":"{\"Version\":\"1\"}"}`, "ram_policy", "policy_document", `{"Version":"1"}`},
		{"alicloud_ram_access_key", `{"id":"LTAI1","user_name":"app","encrypted_secret":"wcBMA","key_fingerprint":"abc","secret":""}`, "ram_access_key", "encrypted_secret", "wcBMA"},
		{
			"alicloud_resource_manager_policy_attachment",
			`{"policy_name":"p","policy_type":"System","principal_name":"builder@role.example.onaliyunservice.com","principal_type":"ServiceRole","resource_group_id":"1234567890123456"}`,
			"ram_policy_attachment", "role_name", "builder",
		},
		{
			"alicloud_resource_manager_policy_attachment",
			`{"policy_name":"p","policy_type":"System","principal_name":"ops@group.example.onaliyun.com","principal_type":"IMSGroup","resource_group_id":"rg-1"}`,
			"ram_policy_attachment", "group_name", "ops",
		},
	} {
		state, diags := move(t, "registry.opentofu.org/aliyun/alicloud", c.from, c.state, c.to)
		var got string
		if v, found := state[c.attribute]; found {
			_ = v.As(&got)
		}
		if len(diags) > 0 || got != c.want {
			t.Errorf("%s: %s is %q, want %q; %v", c.from, c.attribute, got, c.want, diags)
		}
	}
}

func TestMoved_refusesWhatItCannotTell(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ address, from, state, to, want string }{
		{official, "alicloud_ram_access_key", `{"id":"LTAI1","user_name":""}`, "ram_access_key", "whoever ran Terraform"},
		{official, "alicloud_ram_access_key_policy", `{"user_access_key_id":"LTAI1"}`, "ram_access_key_policy", "whose key it is about"},
		{official, "alicloud_resource_manager_policy_attachment", `{"policy_name":"p","policy_type":"System","principal_name":"x","principal_type":"Other"}`, "ram_policy_attachment", "none of IMSUser"},
		{official, "alicloud_ram_user", `{"id":"1"}`, "ram_user", "has no name"},
		{official, "alicloud_ram_group", `{"name":"g"}`, "ram_user", "Unable to Move Resource State"},
		{"registry.terraform.io/somebody/else", "alicloud_ram_user", `{"name":"a"}`, "ram_user", "Unable to Move Resource State"},
	} {
		state, diags := move(t, c.address, c.from, c.state, c.to)
		if state != nil || len(diags) == 0 || !strings.Contains(diags[0].Summary+" "+diags[0].Detail, c.want) {
			t.Errorf("%s: got %v, %v, want an error with %q", c.from, state, diags, c.want)
		}
	}
}
