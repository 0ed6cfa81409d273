package faults

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	// What go build makes of it is tested here: without this import, go test would
	// answer from its cache when the provider has changed.
	_ "github.com/ram-provider/terraform-provider-ram/internal/provider"
)

// commandLimit ends a terraform that hangs.
const commandLimit = 3 * time.Minute

// tools are the programs that every row runs.
type tools struct {
	terraform string
	provider  string // the provider itself
	cliConfig string // has Terraform start a script instead, which notes the provider's process
}

// startScript keeps its process for the provider, so its PID is the provider's.
// Terraform starts one process for each walk and some more for schemas; the
// last one to start is the one that makes the calls.
const startScript = `#!/bin/sh
echo $$ >"$RAM_FAULTS_PID"
exec "$RAM_FAULTS_PROVIDER" "$@"
`

const cliConfig = `provider_installation {
  dev_overrides {
    "registry.terraform.io/ram-provider/ram" = %[1]q
    "registry.opentofu.org/ram-provider/ram" = %[1]q
  }
  direct {}
}
`

func newTools(t *testing.T) *tools {
	t.Helper()
	folder := t.TempDir()
	found, err := exec.LookPath(cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform"))
	if err != nil {
		t.Fatal(err)
	}
	tl := &tools{terraform: found, provider: filepath.Join(folder, "provider"), cliConfig: filepath.Join(folder, "cli.tfrc")}
	build := exec.Command("go", "build", "-o", tl.provider, "github.com/ram-provider/terraform-provider-ram")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the provider: %v\n%s", err, out)
	}
	plugins := filepath.Join(folder, "plugins")
	err = errors.Join(
		os.Mkdir(plugins, 0o700),
		os.WriteFile(filepath.Join(plugins, "terraform-provider-ram"), []byte(startScript), 0o700),
		os.WriteFile(tl.cliConfig, fmt.Appendf(nil, cliConfig, filepath.ToSlash(plugins)), 0o600),
	)
	if err != nil {
		t.Fatal(err)
	}
	return tl
}

// workspace is a folder that Terraform works in, on the account of a site.
type workspace struct {
	*site
	folder string
}

func (w *workspace) write(config string) error {
	return os.WriteFile(filepath.Join(w.folder, "main.tf"), []byte(header+config), 0o600)
}

func (w *workspace) apply() (output string, code int, err error) {
	return w.run("apply", "-auto-approve")
}

// run runs Terraform with the arguments, and notes what it said.
func (w *workspace) run(args ...string) (output string, code int, err error) {
	return w.exec("terraform "+strings.Join(args, " "), w.tools.terraform, args...)
}

// runCommand runs a line that the provider told its user to run, as it is.
func (w *workspace) runCommand(line string) (output string, code int, err error) {
	return w.exec(line, "sh", "-c", `terraform() { "$RAM_FAULTS_TERRAFORM" "$@"; }`+"\n"+line)
}

func (w *workspace) exec(title, program string, args ...string) (output string, code int, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), commandLimit)
	defer cancel()
	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = w.folder, w.environ(), &out, &out
	cmd.WaitDelay = 5 * time.Second // a provider that outlives Terraform holds the output open
	started, before := time.Now(), len(w.server.Calls())
	if err := cmd.Start(); err != nil {
		return "", 0, err
	}
	w.site.setRunning(cmd.Process)
	err = cmd.Wait()
	w.site.setRunning(nil)
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) || ctx.Err() != nil {
		return "", 0, fmt.Errorf("%s: %w after %v\n%s", title, err, time.Since(started).Round(time.Second), w.site.redact(out.String()))
	}
	output, code = w.site.redact(devOverrides.ReplaceAllString(out.String(), "")), cmd.ProcessState.ExitCode()
	fmt.Fprintf(&w.site.log, "$ %s   # %.1f s, exit code %d\n%s\n", title, time.Since(started).Seconds(), code, strings.TrimSpace(output))
	w.site.logCalls(before)
	return output, code, nil
}

// devOverrides is a warning in every output that says nothing about a row.
var devOverrides = regexp.MustCompile(`(?s)[╷│\s]*Warning: Provider development overrides.*?\n[│\s]*(published\s+)?releases\.\n╵?`)

// environ is the environment of a user who works on the account, without what
// this process's own user has set for Terraform and for Alibaba Cloud.
func (w *workspace) environ() []string {
	kept := slices.DeleteFunc(os.Environ(), func(v string) bool {
		name, _, _ := strings.Cut(strings.ToUpper(v), "=")
		return slices.ContainsFunc([]string{"TF_", "TERRAFORM_", "ALIBABA", "ALICLOUD_", "ALIYUN_"}, func(p string) bool { return strings.HasPrefix(name, p) })
	})
	return append(
		kept,
		"TF_CLI_CONFIG_FILE="+w.tools.cliConfig, "TF_CLI_ARGS=-no-color", "TF_INPUT=0", "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1",
		"RAM_FAULTS_TERRAFORM="+w.tools.terraform, "RAM_FAULTS_PROVIDER="+w.tools.provider, "RAM_FAULTS_PID="+w.pidFile(),
		"ALIBABA_CLOUD_ACCESS_KEY_ID="+w.keyID, "ALIBABA_CLOUD_ACCESS_KEY_SECRET="+w.keySecret,
		"ALIBABA_CLOUD_ENDPOINT_RAM="+w.url, "ALIBABA_CLOUD_ENDPOINT_IMS="+w.url,
		"ALIBABA_CLOUD_ENDPOINT_STS="+w.url, "ALIBABA_CLOUD_ENDPOINT_RESOURCEMANAGER="+w.url,
		fmt.Sprintf("ALIBABA_CLOUD_REQUEST_TIMEOUT=%d", w.timeout),
	)
}

func (w *workspace) pidFile() string { return filepath.Join(w.folder, "provider.pid") }

// provider is the process of the provider that makes the calls.
func (w *workspace) provider() (*os.Process, error) {
	text, err := os.ReadFile(w.pidFile())
	if err != nil {
		return nil, err
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return nil, err
	}
	return os.FindProcess(pid)
}

// tfState is what a row asks of a Terraform state.
type tfState struct {
	Resources []struct {
		Mode, Type, Name string
		Instances        []struct{ Attributes map[string]any }
	}
}

func (w *workspace) stateFile() string { return filepath.Join(w.folder, "terraform.tfstate") }

// state is empty where Terraform has not written one.
func (w *workspace) state() (tfState, error) {
	var s tfState
	text, err := os.ReadFile(w.stateFile())
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	return s, err
}

func (s tfState) holds(resourceType, name string) bool {
	for _, r := range s.Resources {
		if r.Mode == "managed" && r.Type == resourceType && r.Name == name && len(r.Instances) > 0 {
			return true
		}
	}
	return false
}

// keySecrets gives the secrets of the access keys in the state, by their ids.
func (s tfState) keySecrets() map[string]string {
	secrets := map[string]string{}
	for _, r := range s.Resources {
		for _, i := range r.Instances {
			if id, ok := i.Attributes["access_key_id"].(string); ok && r.Type == "ram_access_key" {
				secrets[id], _ = i.Attributes["access_key_secret"].(string)
			}
		}
	}
	return secrets
}

// previousKeys gives the keys from before the last turn of each, by their ids. No
// state keeps their secrets.
func (s tfState) previousKeys() map[string]bool {
	ids := map[string]bool{}
	for _, r := range s.Resources {
		for _, i := range r.Instances {
			if id, ok := i.Attributes["previous_access_key_id"].(string); ok {
				ids[id] = true
			}
		}
	}
	return ids
}
