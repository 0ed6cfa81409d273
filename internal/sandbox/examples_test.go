package sandbox

import (
	"cmp"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	// What go build makes of it is tested here: without this import, go test would answer from its cache when the
	// provider has changed.
	_ "github.com/ram-provider/terraform-provider-ram/internal/provider"
)

// The larger examples are applied by the program itself, against its sandbox, as a reader would: tests that run
// Terraform in process cannot read a state with for_each.

// example is a copy of an example, and an account of its own.
type example struct {
	t         *testing.T
	folder    string
	provider  string
	terraform string
}

func newExample(t *testing.T, name string) *example {
	t.Helper()
	if os.Getenv("TF_ACC") == "" || os.Getenv("RAM_ACC_REAL") == "1" {
		t.Skip("runs terraform against a sandbox of its own: set TF_ACC, and not RAM_ACC_REAL")
	}
	terraform, err := exec.LookPath(cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform"))
	if err != nil {
		t.Fatal(err)
	}
	e := &example{t: t, folder: t.TempDir(), provider: filepath.Join(t.TempDir(), "terraform-provider-ram"), terraform: terraform}
	if runtime.GOOS == "windows" {
		e.provider += ".exe"
	}
	if out, err := exec.Command("go", "build", "-o", e.provider, "github.com/ram-provider/terraform-provider-ram").CombinedOutput(); err != nil {
		t.Fatalf("building the provider: %v\n%s", err, out)
	}
	if err := os.CopyFS(e.folder, os.DirFS(filepath.Join("..", "..", "examples", name))); err != nil {
		t.Fatal(err)
	}
	return e
}

// run runs terraform in the sandbox and gives what it printed.
func (e *example) run(args ...string) (string, error) {
	e.t.Helper()
	c := exec.Command(e.provider, append([]string{"sandbox", "-data", filepath.Join(e.folder, "account.json"), "--", e.terraform}, args...)...)
	c.Dir = e.folder
	c.Env = []string{"CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_VAR_password_seed=a seed for this test alone"}
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "TF_") {
			c.Env = append(c.Env, v)
		}
	}
	out, err := c.CombinedOutput()
	return string(out), err
}

func (e *example) mustRun(args ...string) string {
	e.t.Helper()
	out, err := e.run(args...)
	if err != nil {
		e.t.Fatalf("terraform %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

// applies applies the example and expects that nothing is left to do.
func (e *example) applies() {
	e.t.Helper()
	e.mustRun("apply", "-auto-approve", "-no-color")
	if out, err := e.run("plan", "-detailed-exitcode", "-no-color"); err != nil {
		e.t.Fatalf("the plan after the apply is not empty: %v\n%s", err, out)
	}
}

func (e *example) output(name string, value any) {
	e.t.Helper()
	if err := json.Unmarshal([]byte(e.mustRun("output", "-json", name)), value); err != nil {
		e.t.Fatal(err)
	}
}

// edit replaces text in a file of the example.
func (e *example) edit(file string, oldnew ...string) {
	e.t.Helper()
	path := filepath.Join(e.folder, file)
	text, err := os.ReadFile(path)
	after := strings.NewReplacer(oldnew...).Replace(string(text))
	if err == nil && after == string(text) {
		err = errors.New("there is nothing to replace")
	}
	if err == nil {
		err = os.WriteFile(path, []byte(after), 0o600)
	}
	if err != nil {
		e.t.Fatalf("%s: %v", file, err)
	}
}

func TestAccExampleBulkUsers_thirtyPeopleComeAreRenamedAndLeave(t *testing.T) {
	t.Parallel()
	e := newExample(t, "bulk-users")
	e.applies()
	var names map[string]string
	e.output("logon_names", &names)
	if len(names) != 26 || !strings.HasPrefix(names["2001"], "alice@") {
		t.Errorf("26 of the 30 people log on, got %v", names)
	}
	e.edit("people.csv", "2001,alice,Alice", "2001,alicia,Alicia", "2030,deniz,Deniz,data,yes\n", "")
	plan := e.mustRun("plan", "-no-color")
	if !strings.Contains(plan, "to destroy") || strings.Contains(plan, "must be replaced") {
		t.Errorf("somebody is replaced:\n%s", plan)
	}
	e.applies()
	e.output("logon_names", &names)
	if !strings.HasPrefix(names["2001"], "alicia@") {
		t.Errorf("alice was not renamed: %v", names)
	}
	e.mustRun("destroy", "-auto-approve", "-no-color")
}

func TestAccExampleMonitoringTeam_handsOutNamesAndPages(t *testing.T) {
	t.Parallel()
	e := newExample(t, "monitoring-team")
	e.applies()
	var logons map[string]struct{ Name, Page string }
	e.output("logons", &logons)
	if alice := logons["alice"]; len(logons) != 5 || !strings.HasPrefix(alice.Name, "alice@") || !strings.Contains(alice.Page, "?username=alice%40") {
		t.Errorf("got %v", logons)
	}
	e.mustRun("destroy", "-auto-approve", "-no-color")
}

func TestAccExampleAccountBaseline_leavesTheAccountAsItWas(t *testing.T) {
	t.Parallel()
	e := newExample(t, "account-baseline")
	e.applies()
	var names map[string]string
	e.output("logon_names", &names)
	if names["alice"] != "alice@example-baseline.onaliyun.com" {
		t.Errorf("people log on as %v", names)
	}
	e.mustRun("destroy", "-auto-approve", "-no-color")

	var left struct {
		Users, Groups, Roles, Policies, SAMLProviders map[string]any
		AccountAlias, DefaultDomain                   string
	}
	text, err := os.ReadFile(filepath.Join(e.folder, "account.json"))
	if err == nil {
		err = json.Unmarshal(text, &left)
	}
	if err != nil {
		t.Fatal(err)
	}
	// One user is the sandbox's own administrator.
	if n := len(left.Groups) + len(left.Roles) + len(left.Policies) + len(left.SAMLProviders); n > 0 || len(left.Users) != 1 || left.AccountAlias != "" {
		t.Errorf("left behind: %+v", left)
	}
}
