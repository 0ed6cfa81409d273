package bench

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// The configurations with the people of an account, each with a login profile, a membership and an attachment, and
// every second with a key. The second has the same resources, and the same references between them, without any API:
// what Terraform itself needs.
const (
	peopleConfig = `
locals {
  groups = [for i in range(20) : format("group-%%02d", i)]
  people = [for i in range(%d) : format("person-%%05d", i)]
  keys   = [for i, name in local.people : name if i %% 2 == 0]
  groups_of_people = { for i, name in local.people : name => local.groups[i %% 20] }
}
`
	ramConfig = `
terraform {
  required_providers {
    ram = { source = "ram-provider/ram" }
  }
}

variable "password" {
  type      = string
  sensitive = true
}

resource "ram_user" "people" {
  for_each     = toset(local.people)
  name         = each.key
  display_name = "Person ${each.key}"
}

resource "ram_login_profile" "people" {
  for_each            = ram_user.people
  user_name           = each.value.name
  password_wo         = var.password
  password_wo_version = 1
}

resource "ram_access_key" "people" {
  for_each  = toset(local.keys)
  user_name = ram_user.people[each.key].name
}

resource "ram_group" "groups" {
  for_each = toset(local.groups)
  name     = each.key
}

resource "ram_group_membership" "people" {
  for_each   = local.groups_of_people
  group_name = ram_group.groups[each.value].name
  user_names = [ram_user.people[each.key].name]
}

resource "ram_policy_attachment" "people" {
  for_each    = ram_user.people
  policy_name = "ReadOnlyAccess"
  policy_type = "System"
  user_name   = each.value.name
}
`
	dataConfig = `
resource "terraform_data" "users" {
  for_each = toset(local.people)
  input    = { name = each.key, display_name = "Person ${each.key}" }
}

resource "terraform_data" "login_profiles" {
  for_each = terraform_data.users
  input    = { user_name = each.value.output.name, password_wo_version = 1 }
}

resource "terraform_data" "access_keys" {
  for_each = toset(local.keys)
  input    = { user_name = terraform_data.users[each.key].output.name }
}

resource "terraform_data" "groups" {
  for_each = toset(local.groups)
  input    = { name = each.key }
}

resource "terraform_data" "memberships" {
  for_each = local.groups_of_people
  input = {
    group_name = terraform_data.groups[each.value].output.name
    user_names = [terraform_data.users[each.key].output.name]
  }
}

resource "terraform_data" "attachments" {
  for_each = terraform_data.users
  input    = { policy_name = "ReadOnlyAccess", policy_type = "System", user_name = each.value.output.name }
}
`
)

// terraformSteps are the commands that are timed. With these arguments the plan fails unless it is empty.
var terraformSteps = []struct {
	name string
	args []string
}{
	{"create", []string{"apply", "-auto-approve"}},
	{"empty plan", []string{"plan", "-detailed-exitcode"}},
	{"destroy", []string{"destroy", "-auto-approve"}},
}

// terraform is a folder with a configuration to run Terraform in.
type terraform struct {
	program, folder string
	env             []string
}

// writeTerraform runs the real Terraform, and compares with what Terraform needs for itself.
func writeTerraform(t *testing.T, out *strings.Builder, sizes []int) {
	program, err := exec.LookPath(cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform"))
	if err != nil {
		t.Skipf("no Terraform here: %v", err)
	}
	provider := buildProvider(t)
	table := newTable("People", "Resources", "Step", "ram, s", "terraform_data, s", "Ratio", "Calls", "Time of the calls, s")
	for _, people := range sizes {
		subtest(t, people, func(t *testing.T) {
			s := startServer(t, serverConfig{Latency: latency})
			env := s.env()
			env["TF_VAR_password"] = rand.Text()[:20] + "a1!"
			ram := newTerraform(t, program, provider, people, ramConfig, env)
			data := newTerraform(t, program, provider, people, dataConfig, nil)
			rounds := 2
			if people > 100 {
				rounds = 1
			}
			best := make([][2]time.Duration, len(terraformSteps))
			calls := make([]int, len(terraformSteps))
			for range rounds {
				for i, step := range terraformSteps {
					s.tally(t)
					best[i][0] = shorter(best[i][0], ram.run(t, step.args...))
					calls[i] = s.tally(t).calls()
					best[i][1] = shorter(best[i][1], data.run(t, step.args...))
				}
			}
			for i, step := range terraformSteps {
				table.row(number(people), number(groups+4*people+(people+1)/2), step.name, seconds(best[i][0]), seconds(best[i][1]),
					ratio(best[i][0], best[i][1]), number(calls[i]), seconds(callTime(calls[i])))
			}
		})
	}
	fmt.Fprintf(out, "\n### With Terraform\n\n%s, in turn on people with a user, a login profile, a membership and an attachment each, every second with a key, "+
		"and on the same shape in `terraform_data`. Up to 100 people the shorter of two times counts. The time of the calls is that of %d at once.\n\n%s",
		version(t, program), atOnce, table)
}

// shorter gives the shorter of two times, of which the first may not be known yet.
func shorter(known, other time.Duration) time.Duration {
	if known == 0 {
		return other
	}
	return min(known, other)
}

// buildProvider builds the provider as it is released, and gives its folder.
func buildProvider(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	name := "terraform-provider-ram"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	c := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w",
		"-o", filepath.Join(folder, name), "github.com/ram-provider/terraform-provider-ram")
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := c.CombinedOutput(); err != nil {
		t.Fatalf("building the provider: %v\n%s", err, output)
	}
	return folder
}

// newTerraform makes a folder with a configuration for so many people. Nothing of the user's own counts in it.
func newTerraform(t *testing.T, program, provider string, people int, config string, env map[string]string) *terraform {
	t.Helper()
	folder := t.TempDir()
	cliConfig := fmt.Sprintf(`
provider_installation {
  dev_overrides {
    "registry.terraform.io/ram-provider/ram" = %[1]q
    "registry.opentofu.org/ram-provider/ram" = %[1]q
  }
  direct {}
}
`, provider)
	for name, text := range map[string]string{"cli.tfrc": cliConfig, "people.tf": fmt.Sprintf(peopleConfig, people), "main.tf": config} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tf := &terraform{program: program, folder: folder, env: []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "TMPDIR=" + os.TempDir(), "SYSTEMROOT=" + os.Getenv("SYSTEMROOT"),
		"CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_CLI_CONFIG_FILE=" + filepath.Join(folder, "cli.tfrc"),
	}}
	for _, name := range slices.Sorted(maps.Keys(env)) {
		tf.env = append(tf.env, name+"="+env[name])
	}
	return tf
}

// run runs Terraform and gives how long that took.
func (tf *terraform) run(t *testing.T, args ...string) time.Duration {
	t.Helper()
	start := time.Now()
	tf.output(t, args...)
	return time.Since(start)
}

// output runs Terraform and gives what it printed.
func (tf *terraform) output(t *testing.T, args ...string) string {
	t.Helper()
	c := exec.Command(tf.program, append(args, "-input=false", "-no-color", "-compact-warnings")...)
	c.Dir, c.Env = tf.folder, tf.env
	output, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", args[0], err, output)
	}
	return string(output)
}

// version gives the program's name and version.
func version(t *testing.T, program string) string {
	t.Helper()
	c := exec.Command(program, "version")
	c.Env = []string{"CHECKPOINT_DISABLE=1", "HOME=" + t.TempDir(), "TF_CLI_CONFIG_FILE=" + os.DevNull}
	output, err := c.Output()
	if err != nil {
		t.Fatalf("asking Terraform for its version: %v", err)
	}
	first, _, _ := strings.Cut(string(output), "\n")
	return first
}
