package provider_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ram-provider/terraform-provider-ram/internal/provider"
)

// Terraform 1.14 configures the provider once for all runs of a file of tests
// that has a provider block. What one run has planned and made must not mislead
// the next one: each shows what it shows where Terraform starts a provider for it.
func TestRuns_ofOneProcessAreApart(t *testing.T) {
	t.Parallel()
	const (
		user  = `resource "ram_user" "alice" { name = "alice" }`
		login = `
resource "ram_login_profile" "this" {
  user_name           = ram_user.alice.name
  password_wo         = "` + password + `"
  password_wo_version = 1
}`
		group = `
resource "ram_group" "ops" { name = "ops" }`
		member = `
resource "ram_group_membership" "this" {
  group_name = ram_group.ops.name
  user_names = [ram_user.alice.name]
}`
		power = `
resource "ram_policy_attachment" "this" {
  group_name  = ram_group.ops.name
  policy_name = "AdministratorAccess"
  policy_type = "System"
}`
		key = `
resource "ram_access_key" "this" { user_name = ram_user.alice.name }`
		administrator = `
resource "ram_policy_attachment" "this" {
  user_name   = ram_user.alice.name
  policy_name = "AdministratorAccess"
  policy_type = "System"
}`
	)
	type run struct {
		config string
		last   string // phase
		state  string // which of them: a run block with a module in it has one of its own
	}
	for name, runs := range map[string][]run{
		"an alias, and then the domain of another one": {
			{`resource "ram_account_alias" "this" { account_alias = "first" }`, "apply", ""},
			{`resource "ram_default_domain" "this" { default_domain_name = "second.onaliyun.com" }`, "apply", ""},
		},
		"both names, and then two others": {
			{`resource "ram_account_alias" "this" { account_alias = "first" }
resource "ram_default_domain" "this" { default_domain_name = "first.onaliyun.com" }`, "apply", ""},
			{`resource "ram_default_domain" "this" { default_domain_name = "second.onaliyun.com" }
resource "ram_account_alias" "this" { account_alias = "second" }`, "apply", ""},
		},
		"both names planned, and then two others": {
			{`resource "ram_account_alias" "this" { account_alias = "first" }
resource "ram_default_domain" "this" { default_domain_name = "first.onaliyun.com" }`, "plan", ""},
			{`resource "ram_default_domain" "this" { default_domain_name = "second.onaliyun.com" }
resource "ram_account_alias" "this" { account_alias = "second" }`, "plan", ""},
		},
		"an alias, and then with the domain of another one": {
			{`resource "ram_account_alias" "this" { account_alias = "first" }`, "apply", ""},
			{`resource "ram_account_alias" "this" { account_alias = "first" }
resource "ram_default_domain" "this" { default_domain_name = "second.onaliyun.com" }`, "apply", ""}, // which is refused
		},
		"keys up to the quota": {
			{user, "apply", ""},
			{user + `
resource "ram_access_key" "one" { user_name = ram_user.alice.name }
resource "ram_access_key" "two" {
  user_name = ram_user.alice.name
  status    = "Inactive"
}`, "plan", ""},
			{user + `
resource "ram_access_key" "one" { user_name = ram_user.alice.name }
resource "ram_access_key" "two" {
  user_name = ram_user.alice.name
  status    = "Inactive"
}`, "apply", ""},
			{user + `
resource "ram_access_key" "one" { user_name = ram_user.alice.name }`, "apply", ""},
			{user + `
resource "ram_access_key" "one" { user_name = ram_user.alice.name }
resource "ram_access_key" "two" { user_name = ram_user.alice.name }`, "apply", ""},
		},
		"a login, and then a key": {
			{user + login, "apply", ""},
			{user, "apply", ""},
			{user + key, "apply", ""},
		},
		"users up to the quota, and one more": {
			{user, "apply", ""},
			{user + `
resource "ram_user" "bob" { name = "bob" }`, "apply", ""},
		},
		"what one run attached is foreign to the next": {
			{user + `
resource "ram_policy_attachment" "this" {
  user_name   = ram_user.alice.name
  policy_name = "ReadOnlyAccess"
  policy_type = "System"
}`, "apply", ""},
			{user + `
resource "ram_policy_attachment" "this" {
  user_name   = ram_user.alice.name
  policy_name = "ReadOnlyAccess"
  policy_type = "System"
}
resource "ram_policy_attachments_exclusive" "this" {
  user_name = ram_user.alice.name
  policies  = []
}`, "plan", ""},
		},
		"a policy of each state, the first one's settings changed in between": {
			{`resource "ram_password_policy" "this" { minimum_password_length = 12 }`, "apply", ""},
			{`resource "ram_password_policy" "this" { minimum_password_length = 14 }`, "apply", "module"},
			{`resource "ram_password_policy" "this" { minimum_password_length = 16 }`, "apply", ""},
			{`resource "ram_password_policy" "this" { minimum_password_length = 18 }`, "apply", "another module"},
			{``, "apply", "another module"},
			{``, "apply", "module"},
			{``, "apply", ""},
		},
		"names of each state": {
			{`resource "ram_account_alias" "this" { account_alias = "first" }`, "apply", ""},
			{`resource "ram_account_alias" "this" { account_alias = "second" }`, "apply", "module"},
			{`resource "ram_default_domain" "this" { default_domain_name = "third.onaliyun.com" }`, "apply", "another module"},
			{`resource "ram_default_domain" "this" { default_domain_name = "fourth.onaliyun.com" }`, "apply", "a third module"},
			{``, "apply", "a third module"},
			{``, "apply", "another module"},
			{``, "apply", "module"},
			{``, "apply", ""},
		},
		"what is made for another state is foreign": {
			{user + `
resource "ram_group" "ops" { name = "ops" }
resource "ram_group_membership" "this" {
  group_name = ram_group.ops.name
  user_names = [ram_user.alice.name]
}
resource "ram_policy_attachment" "this" {
  user_name   = ram_user.alice.name
  policy_name = "ReadOnlyAccess"
  policy_type = "System"
}`, "apply", "setup"},
			{`resource "ram_group" "dev" { name = "dev" }
resource "ram_policy_attachment" "this" {
  group_name  = ram_group.dev.name
  policy_name = "ReadOnlyAccess"
  policy_type = "System"
}
resource "ram_group_memberships_exclusive" "this" {
  group_name = "ops"
  user_names = []
}
resource "ram_policy_attachments_exclusive" "this" {
  user_name = "alice"
  policies  = []
}`, "apply", ""},
		},
		"two policies of one state": {
			{`resource "ram_password_policy" "this" { minimum_password_length = 12 }`, "apply", "module"},
			{`resource "ram_password_policy" "this" { minimum_password_length = 14 }
resource "ram_password_policy" "that" { minimum_password_length = 14 }`, "apply", ""}, // which is refused
		},
		"plans of a login, of a key, of both, and of an administrator": {
			{user + login, "plan", ""},
			{user + key, "plan", ""},
			{user + login + key, "plan", ""},
			{user + login + key, "plan", ""},
			{user + administrator, "plan", ""},
			{user + key, "plan", ""},
			{user + administrator + key, "plan", ""},
			{user + administrator + key, "apply", ""},
		},
		"plans of a powerful group, and of a member with a key": {
			{group + power, "plan", ""},
			{user + group + key + member, "plan", ""},
		},
		"plans of a member, and of a powerful group whose member it is not": {
			{user + group + member, "plan", ""},
			{user + group + key + power, "plan", ""},
			{user + group + member, "plan", ""},
			{user + group + power + key, "plan", ""},
		},
		"plans of keys that differ": {
			{user + key, "plan", ""},
			{user + `
resource "ram_access_key" "one" {
  user_name = ram_user.alice.name
  status    = "Active"
}
resource "ram_access_key" "two" {
  user_name = ram_user.alice.name
  status    = "Inactive"
}`, "plan", ""},
		},
		"more keys than the quota allows, alike": {
			{user + key + strings.ReplaceAll(key, "this", "that") + strings.ReplaceAll(key, "this", "third"), "plan", ""},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			terraform := func(ahead time.Duration) *smallTerraform {
				s := newStage(t)
				s.ahead = ahead
				s.server.Quotas.Users = 2 // the caller is one of them
				return s.terraform()
			}
			each, one := terraform(0), terraform(time.Minute) // no time of one is one of the other
			one.testing = true
			states := map[*smallTerraform]map[string][]kept{each: {}, one: {}}
			show := func(tf *smallTerraform, r run) string {
				tf.state = states[tf][r.state]
				shown, _ := tf.run(r.config, r.last)
				states[tf][r.state] = tf.state
				return shown
			}
			for i, r := range runs {
				want, got := show(each, r), show(one, r)
				if each.failed != one.failed || strings.TrimSpace(mask(got)) != strings.TrimSpace(mask(want)) {
					t.Errorf("run %d shows\n%s\nwhere a process of its own shows\n%s", i+1, got, want)
				}
			}
		})
	}
}

// A run is known to be another one by its first read, or by a configuration that
// is not known yet.
func TestRuns_everyResourceNotesThatItIsPlanned(t *testing.T) {
	files, err := filepath.Glob("../*/*_resource.go")
	if err != nil {
		t.Fatal(err)
	}
	notesIt := map[string][]string{"Read": {"NoteRefresh", "NoteRead"}, "ValidateConfig": {"ValidateConfig"}}
	found := 0
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range parsed.Decls {
			method, ok := decl.(*ast.FuncDecl)
			if !ok || method.Recv == nil || notesIt[method.Name.Name] == nil {
				continue
			}
			if method.Name.Name == "Read" {
				found++
			}
			notes := false
			ast.Inspect(method.Body, func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok {
					notes = notes || slices.Contains(notesIt[method.Name.Name], s.Sel.Name)
				}
				return true
			})
			if !notes {
				t.Errorf("%s: %s does not note it", file, method.Name)
			}
		}
	}
	if want := len(provider.New("test").Resources(t.Context())); found != want {
		t.Errorf("%d Reads, want those of %d resources", found, want)
	}
}
