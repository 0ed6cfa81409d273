package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

const exampleSeed = "../../examples/sandbox/account.yaml"

// dumped is what a sandbox with these arguments writes in the end.
func dumped(t *testing.T, name string, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if code, _, stderr := finish(t, sandbox(t, append([]string{"-dump", path}, args...)...)); code != 0 {
		t.Fatal(stderr)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%s has mode %v (%v)", path, info.Mode(), err)
	}
	return string(content)
}

func TestADumpIsASeedOfTheSameAccount(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"account.yaml", "account.yml", "account.json"} {
		first := dumped(t, name, "-seed", exampleSeed, "--", "true")
		if again := dumped(t, name, "-seed", writeTemp(t, name, first), "--", "true"); again != first {
			t.Errorf("%s was\n%s\nand is\n%s", name, first, again)
		}
		if isJSON := json.Valid([]byte(first)); isJSON != (name == "account.json") {
			t.Errorf("%s: JSON is %t", name, isJSON)
		}
		for _, known := range []string{"LTAIexampleAlice", "an-example-and-no-secret", "alice", "sandbox-admin", "network-write", "left-behind", "<EntityDescriptor xmlns"} {
			if !strings.Contains(first, known) {
				t.Errorf("%s has no %s", name, known)
			}
		}
		if strings.Contains(first, "Correct-Horse-1") {
			t.Errorf("%s has a password", name)
		}
	}
}

func TestASeedMakesAnAccountThatCanBeWorkedOn(t *testing.T) {
	t.Parallel()
	data, dump := filepath.Join(t.TempDir(), "account.json"), filepath.Join(t.TempDir(), "dump.yaml")
	s := serveSandbox(t, "-seed", exampleSeed, "-data", data, "-dump", dump)
	client := s.client(t)
	if u, err := client.User(t.Context(), "alice", ""); err != nil || u.ID != "200000000000000001" || u.Email != "alice@example.com" {
		t.Errorf("alice is %+v (%v)", u, err)
	}
	if _, err := client.CreateUser(t.Context(), ramapi.User{Name: "carol"}); err != nil {
		t.Fatal(err)
	}
	s.env["ALIBABA_CLOUD_ACCESS_KEY_ID"], s.env["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = "LTAIexampleAlice", "an-example-and-no-secret"
	if id, err := s.client(t).CallerIdentity(t.Context()); err != nil || id.ARN != "acs:ram::5555555555555555:user/alice" {
		t.Errorf("the caller is %s (%v)", id.ARN, err)
	}
	interrupt(t, s)
	if content, err := os.ReadFile(dump); err != nil || !bytes.Contains(content, []byte("- name: carol\n")) {
		t.Errorf("carol is not in the dump (%v)", err)
	}
	// What -data has kept goes before the seed, and is a seed as well.
	kept := dumped(t, "kept.yaml", "-data", data, "-seed", exampleSeed, "--", "true")
	if seeded := dumped(t, "seeded.yaml", "-seed", data, "--", "true"); seeded != kept || !strings.Contains(kept, "- name: carol\n") {
		t.Errorf("from what was kept:\n%s\nwith it as a seed:\n%s", kept, seeded)
	}
}

func TestTheDescriptionInTheHelpWorks(t *testing.T) {
	_, example, _ := strings.Cut(usage, "\n  account_alias:")
	example, _, _ = strings.Cut("  account_alias:"+example, "\n\n")
	if dump := dumped(t, "account.yaml", "-seed", writeTemp(t, "account.yaml", example), "--", "true"); !strings.Contains(dump, "LTAIalice") {
		t.Errorf("%s\nmakes\n%s", example, dump)
	}
}

func TestWithANumberOfTheirOwnIDsRepeat(t *testing.T) {
	t.Parallel()
	account := func(n string) string {
		seed := writeTemp(t, "seed.yaml", "users: [{name: alice, access_keys: [{}], login_profile: {password: Correct-Horse-1}}]\ngroups: [{name: ops}]")
		return dumped(t, "account.yaml", "-seed-ids", n, "-seed", seed, "--", "true")
	}
	first := account("1")
	if again := account("1"); again != first {
		t.Errorf("the same number makes\n%s\nand\n%s", first, again)
	}
	accountID, _, _ := strings.Cut(first, "\n")
	if other := account("2"); strings.Contains(other, accountID) {
		t.Errorf("another number makes the same account, %s", accountID)
	}
	_, key, _ := finish(t, sandbox(t, "-seed-ids", "1", "--", "sh", "-c", printKey))
	if id, _, _ := strings.Cut(key, " "); !strings.Contains(first, id) {
		t.Errorf("the administrator's key is %s without a seed, but with it\n%s", id, first)
	}
}

func TestHealthAndEventsAreServedAndEndWithTheSandbox(t *testing.T) {
	t.Parallel()
	s := serveSandbox(t)
	url := s.env["ALIBABA_CLOUD_ENDPOINT_RAM"]
	get := func(path string) io.Reader {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		t.Cleanup(cancel)
		hr, err := http.NewRequestWithContext(ctx, http.MethodGet, url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(hr)
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("%s: %v (%v)", path, resp, err)
		}
		t.Cleanup(func() { _ = resp.Body.Close() })
		return resp.Body
	}
	events := get("/events?after=0")
	if _, err := s.client(t).AccountAlias(t.Context()); err != nil {
		t.Fatal(err)
	}
	var health struct {
		Status    string
		AccountID string `json:"account_id"`
		Calls     int
	}
	if err := json.NewDecoder(get("/health")).Decode(&health); err != nil || health.Status != "ok" || len(health.AccountID) != 16 || health.Calls < 1 {
		t.Errorf("health is %+v (%v)", health, err)
	}
	interrupt(t, s)
	// A stream that the sandbox waited for, and then left behind, would end with an error.
	if text, err := io.ReadAll(events); err != nil || !bytes.Contains(text, []byte(`"action":"GetAccountAlias"`)) {
		t.Errorf("the events are %s (%v)", text, err)
	}
}
