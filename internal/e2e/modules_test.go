package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// moduleSource is what the source of a module begins with, for somebody who has no clone of the repository.
const moduleSource = "github.com/ram-provider/terraform-provider-ram//examples/modules/"

var allPassed = regexp.MustCompile(`Success! [1-9]\d* passed, 0 failed\.`)

// Each module is run as its author runs it, by its tests, and as its user does, by the example of its README.
func TestAccModules_passTheirTestsAndAreUsedAsTheirReadmesSay(t *testing.T) {
	t.Parallel()
	for _, name := range modules(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t)
			w.copy("examples/modules")
			w.anotherAccount()
			in := "-chdir=" + name
			w.terraform(in, "fmt", "-check", "-diff", "-recursive")
			w.terraform(in, "get")
			w.terraform(in, "validate", "-no-color")
			if out := w.terraform(in, "test", "-no-color"); !allPassed.MatchString(out) {
				t.Errorf("some of the tests did not run:\n%s", out)
			}
			w.isEmpty()
			w.useModule(readRepository(t, "examples/modules", name, "README.md"))
			w.isEmpty()
		})
	}
}

// anotherAccount makes the workspace's account one whose number is not what the sandbox gives when it is told nothing.
func (w *workspace) anotherAccount() {
	w.t.Helper()
	made := w.command(filepath.Join(bin, program("terraform-provider-ram")),
		"sandbox", "-data", filepath.Join(w.folder, "account.json"), "-seed-ids", "1", "--", "terraform", "version")
	if out, err := made.CombinedOutput(); err != nil {
		w.t.Fatalf("making the account: %v\n%s", err, out)
	}
}

// modules gives the names of the modules.
func modules(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(repository, "examples", "modules", "*", "versions.tf"))
	if err != nil || len(found) < 5 {
		t.Fatalf("found %d modules, %v", len(found), err)
	}
	for i, file := range found {
		found[i] = filepath.Base(filepath.Dir(file))
	}
	return found
}

func readRepository(t *testing.T, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(repository, filepath.Join(path...)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// useModule applies and destroys the example of a module's README.
func (w *workspace) useModule(readme string) {
	w.t.Helper()
	example := blocks(w.t, readme)[0]
	if example.language != "terraform" || !strings.Contains(example.text, moduleSource) {
		w.t.Fatalf("line %d: this does not show how the module is used", example.line)
	}
	for name, text := range map[string]string{
		"main.tf": strings.ReplaceAll(example.text, moduleSource, "./"),
		"terraform.tfvars": `initial_password  = "Correct-horse-7-staple"
			initial_passwords = { alice = "Correct-horse-7-staple", bob = "Correct-horse-8-staple" }`,
	} {
		if err := os.WriteFile(filepath.Join(w.folder, name), []byte(text), 0o600); err != nil {
			w.t.Fatal(err)
		}
	}
	w.terraform("fmt", "-check", "-diff", "main.tf")
	w.terraform("get")
	w.applies()
	w.terraform("destroy", "-auto-approve", "-no-color")
}

func TestModules_readmesListTheirInputsAndOutputs(t *testing.T) {
	t.Parallel()
	for _, name := range modules(t) {
		readme := readRepository(t, "examples/modules", name, "README.md")
		for heading, table := range map[string]string{
			"Inputs":  inputs(declared(t, name, "variable")),
			"Outputs": outputs(declared(t, name, "output")),
		} {
			section, _, _ := strings.Cut(readme[strings.Index(readme, "\n## "+heading)+1:], "\n\n## ")
			if want := "## " + heading + "\n\n" + table; strings.TrimSpace(section) != strings.TrimSpace(want) {
				t.Errorf("%s/README.md should have\n%s", name, want)
			}
		}
	}
}

// declaration is a variable or an output of a module: its attributes as they are written, a description as it reads.
type declaration struct {
	name       string
	attributes map[string]string
}

func inputs(variables []declaration) string {
	table := "| Name | Description | Type | Default |\n| --- | --- | --- | --- |\n"
	for _, v := range variables {
		initial := "required"
		if value, optional := v.attributes["default"]; optional {
			initial = "`" + value + "`"
		}
		table += fmt.Sprintf("| `%s` | %s | `%s` | %s |\n", v.name, v.attributes["description"], v.attributes["type"], initial)
	}
	return table
}

func outputs(outputs []declaration) string {
	table := "| Name | Description |\n| --- | --- |\n"
	for _, o := range outputs {
		table += fmt.Sprintf("| `%s` | %s |\n", o.name, o.attributes["description"])
	}
	return table
}

var manyLines = regexp.MustCompile(`(?s)\{\n.*\}`)

// declared gives the variables or the outputs of a module, in the order in which they are written.
func declared(t *testing.T, module, kind string) []declaration {
	t.Helper()
	source := readRepository(t, "examples/modules", module, kind+"s.tf")
	file, diags := hclsyntax.ParseConfig([]byte(source), module+"/"+kind+"s.tf", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	var found []declaration
	for _, block := range file.Body.(*hclsyntax.Body).Blocks {
		if block.Type != kind {
			t.Errorf("%s/%ss.tf has a %s", module, kind, block.Type)
			continue
		}
		d := declaration{name: block.Labels[0], attributes: map[string]string{}}
		for name, attribute := range block.Body.Attributes {
			at := attribute.Expr.Range()
			d.attributes[name] = manyLines.ReplaceAllString(source[at.Start.Byte:at.End.Byte], "{…}")
		}
		description, diags := block.Body.Attributes["description"].Expr.Value(nil)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		d.attributes["description"] = description.AsString()
		found = append(found, d)
	}
	return found
}
