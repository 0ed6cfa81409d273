// Package e2e runs the provider as people do: the program that go build makes, under the real terraform or tofu, in a
// home folder in which `make install` has put it. It holds what is shown to people to what it says: the examples, the
// modules with their tests, and every command of the guides and the README.
//
// It has tests only. Those that run the program need TF_ACC, and never work on a real account. What they go through
// Terraform's command line for, the acceptance tests of the other packages cannot do: they run the provider in process,
// and no state with for_each.
package e2e

import (
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	// What go build makes of it is tested here: without this import, go test would answer from its cache when the
	// provider or the sandbox has changed.
	_ "github.com/ram-provider/terraform-provider-ram/internal/adopt"
	_ "github.com/ram-provider/terraform-provider-ram/internal/provider"
	_ "github.com/ram-provider/terraform-provider-ram/internal/sandbox"
)

// repository is the root of the repository.
var repository = filepath.Join("..", "..")

// bin is the folder that holds the program and, whatever is tested, a `terraform`.
var bin string

func TestMain(m *testing.M) {
	if os.Getenv("TF_ACC") == "" || os.Getenv("RAM_ACC_REAL") == "1" {
		fmt.Println("internal/e2e runs terraform against accounts of its own: set TF_ACC, and not RAM_ACC_REAL")
		if err := flag.Set("test.skip", "^TestAcc"); err != nil {
			panic(err)
		}
		os.Exit(m.Run())
	}
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

// run runs the tests with what they need in bin.
func run(m *testing.M) (code int, err error) {
	terraform, err := exec.LookPath(cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform"))
	if err != nil {
		return 1, err
	}
	if bin, err = os.MkdirTemp("", "ram-e2e-"); err != nil {
		return 1, err
	}
	defer func() { _ = os.RemoveAll(bin) }()
	if err := os.Symlink(terraform, filepath.Join(bin, program("terraform"))); err != nil {
		return 1, err
	}
	build := exec.Command("go", "build", "-o", filepath.Join(bin, program("terraform-provider-ram")),
		"-ldflags", "-X main.version="+installedVersion, "github.com/ram-provider/terraform-provider-ram")
	if out, err := build.CombinedOutput(); err != nil {
		return 1, fmt.Errorf("building the provider: %w\n%s", err, out)
	}
	return m.Run(), nil
}

// program is the name of the file of a program.
func program(name string) string {
	if runtime.GOOS == "windows" {
		return name + ".exe"
	}
	return name
}

// installedVersion is that of the provider in the workspace's home folder.
const installedVersion = "0.1.0"

// workspace is an empty folder to work in, and a home folder with the provider installed.
type workspace struct {
	t            *testing.T
	folder, home string
}

func newWorkspace(t *testing.T) *workspace {
	t.Helper()
	w := &workspace{t: t, folder: t.TempDir(), home: t.TempDir()}
	w.install()
	return w
}

// install puts the program where `make install` does.
func (w *workspace) install() {
	w.t.Helper()
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		folder := filepath.Join(w.home, ".terraform.d", "plugins", host, "ram-provider", "ram", installedVersion, runtime.GOOS+"_"+runtime.GOARCH)
		err := os.MkdirAll(folder, 0o700)
		if err == nil {
			err = os.Link(filepath.Join(bin, program("terraform-provider-ram")), filepath.Join(folder, program("terraform-provider-ram_v"+installedVersion)))
		}
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

// copy copies a folder of the repository into the workspace.
func (w *workspace) copy(folder string) {
	w.t.Helper()
	if err := os.CopyFS(w.folder, os.DirFS(filepath.Join(repository, filepath.FromSlash(folder)))); err != nil {
		w.t.Fatal(err)
	}
}

// command is a program to run in the workspace, in an environment that knows of no account.
func (w *workspace) command(name string, args ...string) *exec.Cmd {
	// TestMain has asked already, but go test notes only what tests ask for, and would answer from its cache for another Terraform.
	_ = os.Getenv("TF_ACC_TERRAFORM_PATH")
	c := exec.Command(name, args...)
	c.Dir = w.folder
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "TF_") && !strings.HasPrefix(v, "RAM_") && !strings.HasPrefix(v, "ALIBABA_CLOUD_") {
			c.Env = append(c.Env, v)
		}
	}
	c.Env = append(c.Env, "HOME="+w.home, "XDG_CONFIG_HOME=", "XDG_DATA_HOME=", "APPDATA=", "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1",
		"TF_INPUT=0", "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	return c
}

// try runs terraform in the sandbox, whose account is the workspace's, and gives what it printed.
func (w *workspace) try(args ...string) (string, error) {
	w.t.Helper()
	c := w.command(filepath.Join(bin, program("terraform-provider-ram")),
		append([]string{"sandbox", "-data", filepath.Join(w.folder, "account.json"), "--", "terraform"}, args...)...)
	c.Env = append(c.Env, "TF_VAR_password_seed=a seed for this test alone")
	out, err := c.CombinedOutput()
	return string(out), err
}

// terraform is try for what must not fail.
func (w *workspace) terraform(args ...string) string {
	w.t.Helper()
	out, err := w.try(args...)
	if err != nil {
		w.t.Fatalf("terraform %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

// applies applies the configuration and expects that nothing is left to do.
func (w *workspace) applies() {
	w.t.Helper()
	w.terraform("apply", "-auto-approve", "-no-color")
	if out, err := w.try("plan", "-detailed-exitcode", "-no-color"); err != nil {
		w.t.Fatalf("the plan after the apply is not empty: %v\n%s", err, out)
	}
}

func (w *workspace) output(name string, value any) {
	w.t.Helper()
	if err := json.Unmarshal([]byte(w.terraform("output", "-json", name)), value); err != nil {
		w.t.Fatal(err)
	}
}

// edit replaces text in a file of the workspace.
func (w *workspace) edit(file string, oldnew ...string) {
	w.t.Helper()
	path := filepath.Join(w.folder, file)
	text, err := os.ReadFile(path)
	after := strings.NewReplacer(oldnew...).Replace(string(text))
	if err == nil && after == string(text) {
		err = errors.New("there is nothing to replace")
	}
	if err == nil {
		err = os.WriteFile(path, []byte(after), 0o600)
	}
	if err != nil {
		w.t.Fatalf("%s: %v", file, err)
	}
}

// isEmpty expects an account as it is in the beginning.
func (w *workspace) isEmpty() {
	w.t.Helper()
	var left struct {
		Users, Groups, Roles, Policies, SAMLProviders map[string]any
		AccountAlias                                  string
	}
	text, err := os.ReadFile(filepath.Join(w.folder, "account.json"))
	if err == nil {
		err = json.Unmarshal(text, &left)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	// One user is the sandbox's own administrator.
	if n := len(left.Groups) + len(left.Roles) + len(left.Policies) + len(left.SAMLProviders); n > 0 || len(left.Users) != 1 || left.AccountAlias != "" {
		w.t.Errorf("left behind: %+v", left)
	}
}
