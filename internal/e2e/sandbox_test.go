package e2e

import (
	"os"
	"path/filepath"
	"testing"
)

// An account is as it was after it went through its description: for Terraform, and in its next description.
func TestAccSandbox_aDumpIsTheAccountThatTerraformMade(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	w.copy("examples/account-baseline")
	w.terraform("apply", "-auto-approve", "-no-color")

	sandbox := func(args ...string) {
		t.Helper()
		c := w.command(filepath.Join(bin, program("terraform-provider-ram")), append([]string{"sandbox"}, args...)...)
		c.Env = append(c.Env, "TF_VAR_password_seed=a seed for this test alone")
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
	}
	sandbox("-data", "account.json", "-dump", "first.yaml", "--", "terraform", "version")
	sandbox("-seed", "first.yaml", "-dump", "second.yaml", "--", "terraform", "plan", "-detailed-exitcode")
	first, err := os.ReadFile(filepath.Join(w.folder, "first.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	second, err := os.ReadFile(filepath.Join(w.folder, "second.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if string(first) != string(second) {
		t.Errorf("the account was\n%s\nand is\n%s", first, second)
	}
}
