package provider_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/ram-provider/terraform-provider-ram/internal/provider"
)

// testdata/states has a folder for each version that was released: a configuration of every resource, and the state and
// the account that applying it left. A folder is never changed once its version is released. To record one for the next,
// copy main.tf of the last into a new folder, extend it by what is new, and run with OpenTofu, whose states have
// identities:
//
//	RAM_RECORD_STATE=v0.2 make test TF=tofu PKG=./internal/provider RUN=TestRecordState
const states = "testdata/states"

// oldState is a state file, as far as a provider has a part in it.
type oldState struct {
	Resources []struct {
		Mode, Type, Name string
		Instances        []struct {
			SchemaVersion         int64           `json:"schema_version"`
			Attributes            json.RawMessage `json:"attributes"`
			IdentitySchemaVersion int64           `json:"identity_schema_version"`
			Identity              json.RawMessage `json:"identity"`
		}
	}
}

func TestOldStates_loadWithNothingLost(t *testing.T) {
	t.Parallel()
	server, err := providerserver.NewProtocol6WithError(provider.New("test"))()
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	identities, err := server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(states, "*", "recorded.tfstate"))
	recorded := map[string]bool{}
	for _, file := range files {
		var state oldState
		text, err := os.ReadFile(file)
		if err == nil {
			err = json.Unmarshal(text, &state)
		}
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, r := range state.Resources {
			recorded[r.Type] = true
			schema := schemas.ResourceSchemas[r.Type]
			if schema == nil {
				t.Errorf("%s has a %s, which the provider does not know any more: keep it, deprecated, until the next major version", file, r.Type)
				continue
			}
			for _, old := range r.Instances {
				what := fmt.Sprintf("%s: the state of %s.%s", file, r.Type, r.Name)
				upgraded, err := server.UpgradeResourceState(t.Context(), &tfprotov6.UpgradeResourceStateRequest{
					TypeName: r.Type, Version: old.SchemaVersion, RawState: &tfprotov6.RawState{JSON: old.Attributes},
				})
				if err != nil {
					t.Fatal(err)
				}
				expectRead(t, what, upgraded.Diagnostics)
				if schema.Version == old.SchemaVersion {
					expectKept(t, what, old.Attributes, schema.ValueType(), upgraded.UpgradedState)
				}

				what = fmt.Sprintf("%s: the identity of %s.%s", file, r.Type, r.Name)
				identity := identities.IdentitySchemas[r.Type]
				if identity.Version == old.IdentitySchemaVersion {
					// Terraform takes it as it is.
					expectKept(t, what, old.Identity, identity.ValueType(), nil)
					continue
				}
				changed, err := server.UpgradeResourceIdentity(t.Context(), &tfprotov6.UpgradeResourceIdentityRequest{
					TypeName: r.Type, Version: old.IdentitySchemaVersion, RawIdentity: &tfprotov6.RawState{JSON: old.Identity},
				})
				if err != nil {
					t.Fatal(err)
				}
				expectRead(t, what, changed.Diagnostics)
			}
		}
	}
	for typeName := range schemas.ResourceSchemas {
		if !recorded[typeName] {
			t.Errorf("no recorded state has a %s: record the next one, as is said at the top", typeName)
		}
	}
}

// whatToDo is for whoever changes a schema.
const whatToDo = `
People have states like this one. Either leave the names and types of the attributes as they were, or add 1 to the Version of the schema and write
an upgrader from the version of the state: resource.ResourceWithUpgradeState, or ResourceWithUpgradeIdentity, with a test of what it makes of this state.`

// expectRead fails the test where the provider does not read an old state.
func expectRead(t *testing.T, what string, diags []*tfprotov6.Diagnostic) {
	t.Helper()
	for _, d := range diags {
		t.Errorf("%s is not read: %s: %s%s", what, d.Summary, d.Detail, whatToDo)
	}
}

// expectKept fails the test where an old state has something that the schema does not have, or where what the provider
// made of it is another. The framework leaves out what it does not know.
func expectKept(t *testing.T, what string, old json.RawMessage, valueType tftypes.Type, read *tfprotov6.DynamicValue) {
	t.Helper()
	before, err := (&tfprotov6.RawState{JSON: old}).Unmarshal(valueType)
	if err != nil {
		t.Errorf("%s does not fit the schema: %v%s", what, err, whatToDo)
		return
	}
	if read == nil {
		return
	}
	after, err := read.Unmarshal(valueType)
	if err != nil {
		t.Fatal(err)
	}
	if !before.Equal(after) {
		t.Errorf("%s was %s and is read as %s%s", what, before, after, whatToDo)
	}
}

func recordedFile(t *testing.T, version, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(states, version, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// configured gives a folder with the configuration of a version.
func configured(t *testing.T, version string) *surface {
	t.Helper()
	s := newSurface(t)
	s.write("main.tf", recordedFile(t, version, "main.tf"))
	return s
}

func TestAccOldStates_planNothing(t *testing.T) {
	if os.Getenv("TF_ACC") == "" || os.Getenv("RAM_ACC_REAL") == "1" {
		t.Skip("runs terraform against a sandbox of its own: set TF_ACC, and not RAM_ACC_REAL")
	}
	t.Parallel()
	versions, err := os.ReadDir(states)
	if err != nil || len(versions) == 0 {
		t.Fatalf("found %d versions, %v", len(versions), err)
	}
	for _, version := range versions {
		t.Run(version.Name(), func(t *testing.T) {
			t.Parallel()
			s := configured(t, version.Name())
			// OpenTofu has recorded it; each has a registry of its own.
			host := "registry.terraform.io"
			if out, _ := exec.Command(s.terraform, "version").Output(); strings.HasPrefix(string(out), "OpenTofu") {
				host = "registry.opentofu.org"
			}
			s.write("terraform.tfstate", strings.ReplaceAll(recordedFile(t, version.Name(), "recorded.tfstate"), "registry.opentofu.org", host))
			s.write("account.json", recordedFile(t, version.Name(), "account.json"))
			if out := s.run("plan", "-no-color"); !strings.Contains(out, "No changes.") {
				t.Errorf("an upgrade from %s plans something:\n%s", version.Name(), out)
			}
		})
	}
}

func (s *surface) write(name, text string) {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.folder, name), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

var (
	moment = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`)
	secret = regexp.MustCompile(`("AccessKeySecret": ")[^"]*`)
)

func TestRecordState(t *testing.T) {
	version := os.Getenv("RAM_RECORD_STATE")
	if version == "" {
		t.Skip("records the state that a release writes: set RAM_RECORD_STATE to its version")
	}
	s := configured(t, version)
	s.run("apply", "-auto-approve", "-no-color")
	for from, to := range map[string]string{"terraform.tfstate": "recorded.tfstate", "account.json": "account.json"} {
		text := moment.ReplaceAllString(s.read(from), "2026-01-02T03:04:05Z")
		text = secret.ReplaceAllString(text, "${1}throwaway")
		if err := os.WriteFile(filepath.Join(states, version, to), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
