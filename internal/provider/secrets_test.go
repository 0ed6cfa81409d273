package provider_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const secretsConfig = `
	terraform {
	  required_providers {
	    ram = { source = "ram-provider/ram" }
	  }
	}
	variable "write_only" {
	  ephemeral = true
	}
	variable "plain" {
	  sensitive = true
	}
	resource "ram_user" "alice" { name = "alice" }
	resource "ram_user" "bob" { name = "bob" }
	resource "ram_user" "app" { name = "app" }
	resource "ram_login_profile" "alice" {
	  user_name           = ram_user.alice.name
	  password_wo         = var.write_only
	  password_wo_version = 1
	}
	resource "ram_login_profile" "bob" {
	  user_name = ram_user.bob.name
	  password  = var.plain
	}
	resource "ram_virtual_mfa_device" "alice" {
	  name      = "alice"
	  user_name = ram_user.alice.name
	}
	resource "ram_access_key" "app" {
	  user_name = ram_user.app.name
	}
	resource "ram_role" "deployer" {
	  name = "deployer"
	  assume_role_policy_document = jsonencode({ Version = "1", Statement = [{
	    Effect = "Allow", Action = "sts:AssumeRole", Principal = { RAM = ["acs:ram::1234567890123456:root"] }
	  }] })
	}
`

// With the role in place, the provider works as it, with an STS token.
const asTheRole = `
	provider "ram" {
	  assume_role {
	    role_arn = "acs:ram::1234567890123456:role/deployer"
	  }
	}
	resource "ram_group" "ops" { name = "ops" }
`

func TestAccSecrets_areInNoLogAndTheWriteOnlyPasswordIsNowhere(t *testing.T) {
	if os.Getenv("TF_ACC") == "" || os.Getenv("RAM_ACC_REAL") == "1" {
		t.Skip("runs terraform against a sandbox of its own: set TF_ACC, and not RAM_ACC_REAL")
	}
	t.Parallel()
	const writeOnly, plain = "Wr1te-0nly+pass/word=A", "Pl4in-but+sens/itive=B"
	dir := t.TempDir()
	binary := filepath.Join(dir, "terraform-provider-ram")
	if out, err := exec.Command("go", "build", "-o", binary, "github.com/ram-provider/terraform-provider-ram").CombinedOutput(); err != nil {
		t.Fatalf("building the provider: %v\n%s", err, out)
	}
	terraform := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if terraform == "" {
		terraform = "terraform"
	}
	run := func(args ...string) string {
		t.Helper()
		cmd := exec.Command(binary, append([]string{"sandbox", "-data", "account.json", "--", terraform}, args...)...)
		cmd.Dir = dir
		cmd.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "TF_") }),
			"TF_LOG=TRACE", "DEBUG=dara,tea", "CHECKPOINT_DISABLE=1", "TF_VAR_write_only="+writeOnly, "TF_VAR_plain="+plain)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("terraform %v: %v\n%s", args, err, last(out, 4000))
		}
		return string(out)
	}
	write := func(config string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(config), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	read := func(name string) string {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}

	write(secretsConfig)
	logs := run("plan", "-out=plan.bin")
	logs += run("apply", "plan.bin")
	plan := run("show", "-json", "plan.bin")
	write(secretsConfig + asTheRole)
	logs += run("apply", "-auto-approve")
	logs += run("plan", "-destroy")

	for _, action := range []string{"CreateLoginProfile", "AssumeRole", "CreateVirtualMFADevice", "BindMFADevice"} {
		if !strings.Contains(logs, "action="+action) {
			t.Errorf("the logs do not show %s, which carries secrets, so they prove nothing", action)
		}
	}
	account := read("account.json")
	keys, tokens, seeds := accountSecrets(t, account, "Secret"), accountSecrets(t, account, "Token"), accountSecrets(t, account, "Seed")
	if len(keys) < 2 || len(tokens) < 1 || len(seeds) != 1 {
		t.Fatalf("found %d keys, %d tokens and %d seeds to look for", len(keys), len(tokens), len(seeds))
	}
	for _, secret := range slices.Concat([]string{writeOnly, plain}, keys, tokens, seeds) {
		if at := strings.Index(logs, secret); at >= 0 {
			t.Errorf("a secret is in the logs: …%s", logs[max(0, at-300):at])
		}
	}
	state := read("terraform.tfstate")
	if got := accountSecrets(t, state, "base32_string_seed"); !slices.Equal(got, seeds) || strings.Count(state, seeds[0]) != 1 {
		t.Errorf("the seed is %d times in the state, want once, as base32_string_seed", strings.Count(state, seeds[0]))
	}
	for name, text := range map[string]string{"state": state, "plan": plan, "account": read("account.json")} {
		if strings.Contains(text, writeOnly) {
			t.Errorf("the write-only password is in the %s", name)
		}
	}
}

// accountSecrets gives the texts of a saved account, or a state, whose names end
// in that way.
func accountSecrets(t *testing.T, text, suffix string) (secrets []string) {
	t.Helper()
	var account any
	if err := json.Unmarshal([]byte(text), &account); err != nil {
		t.Fatal(err)
	}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			for name, e := range v {
				if text, isText := e.(string); isText && strings.HasSuffix(name, suffix) {
					secrets = append(secrets, text)
				} else {
					walk(e)
				}
			}
		}
	}
	walk(account)
	return secrets
}

func last(out []byte, n int) []byte { return out[max(0, len(out)-n):] }
