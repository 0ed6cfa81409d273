// Command compatibility writes into the guide on compatibility which Terraform and which OpenTofu each thing on offer
// needs. What is on offer it asks the provider for, what is tested it reads off the workflow.
package main

import (
	"context"
	"fmt"
	"os"
	"strings"
)

const (
	guide    = "docs/guides/compatibility.md"
	workflow = ".github/workflows/test.yml"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "compatibility:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	o, err := ask(ctx)
	if err != nil {
		return err
	}
	tested, err := readTested(workflow)
	if err != nil {
		return err
	}
	page, err := os.ReadFile(guide)
	if err != nil {
		return err
	}
	text := string(page)
	for place, part := range map[string]string{"versions": versions(tested), "features": table(o), "schemas": schemas(o)} {
		marker := "<!-- " + place + " -->"
		if strings.Count(text, marker) != 1 {
			return fmt.Errorf("%s: want one %s, which stands for what is written here", guide, marker)
		}
		text = strings.Replace(text, marker, part, 1)
	}
	return os.WriteFile(guide, []byte(text), 0o644)
}

// versions says what the provider needs and what it is tested with.
func versions(tested map[string][]string) string {
	terraform, tofu := minimum()
	return fmt.Sprintf(`| | needed | tested with each change, the newest patch of each |
| --- | --- | --- |
| Terraform | %s | %s |
| OpenTofu | %s | %s |`, terraform, strings.Join(tested["terraform"], ", "), tofu, strings.Join(tested["opentofu"], ", "))
}

// table gives a line for each feature that is on offer.
func table(o offer) string {
	var b strings.Builder
	b.WriteString("| | Terraform | OpenTofu | here | with an older one |\n| --- | --- | --- | --- | --- |")
	for _, f := range features {
		if used := f.used(o); len(used) > 0 {
			tofu := f.tofu
			if tofu == "" {
				tofu = "not yet"
			}
			fmt.Fprintf(&b, "\n| %s | %s | %s | %s | %s |", f.name, f.terraform, tofu, list(used, f.plural), f.instead)
		}
	}
	return b.String()
}

// list names a few things and counts many.
func list(names []string, plural string) string {
	if len(names) > 4 {
		return fmt.Sprintf("%d %s", len(names), plural)
	}
	return "`" + strings.Join(names, "`, `") + "`"
}

// schemas says which version the schema of each resource has.
func schemas(o offer) string {
	var b strings.Builder
	for _, name := range o.resources {
		if version := o.versions[name]; version > 0 {
			fmt.Fprintf(&b, "\n| `%s` | %d |", name, version)
		}
	}
	if b.Len() == 0 {
		return fmt.Sprintf("Today the schemas of all %d resources have version 0: no state has had to be upgraded yet.", len(o.resources))
	}
	return "| resource | schema version |\n| --- | --- |" + b.String() + "\n\nThose of all other resources have version 0."
}
