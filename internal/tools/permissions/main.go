// Command permissions writes onto each page of the documentation which
// permissions the resource, data source, action or ephemeral resource needs. It
// reads them off the provider's own code: whatever its methods refer to, and what
// these do, down to the calls of the API.
package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "permissions:", err)
		os.Exit(1)
	}
}

func run() error {
	code, err := load("./internal/...")
	if err != nil {
		return err
	}
	needs := code.needs()
	for _, kind := range kinds {
		pages, err := filepath.Glob(filepath.Join("docs", kind.folder, "*.md"))
		if err != nil {
			return err
		}
		for _, page := range pages {
			typeName := "ram_" + strings.TrimSuffix(filepath.Base(page), ".md")
			if err := rewrite(page, kind.section(needs[kind.folder+"/"+typeName])); err != nil {
				return err
			}
		}
	}
	return nil
}

// operation is something that is done with a thing of some kind, and the methods
// that do it.
type operation struct {
	name    string
	methods []string
}

// kind is one of the kinds of things that have a page.
type kind struct {
	folder      string
	operations  []operation
	constructor string // the method of the provider that lists those of the kind
}

var kinds = []kind{
	{"resources", []operation{
		{"read and plan", []string{"Read", "ModifyPlan", "ImportState"}}, {"create", []string{"Create"}}, {"update", []string{"Update"}}, {"delete", []string{"Delete"}},
	}, "Resources"},
	{"data-sources", []operation{{"read", []string{"Read"}}}, "DataSources"},
	{"ephemeral-resources", []operation{{"open", []string{"Open"}}}, "EphemeralResources"},
	{"actions", []operation{{"invoke", []string{"Invoke", "ModifyPlan"}}}, "Actions"},
}

const heading = "## Permissions\n"

// section gives the section of a page, from the API's actions of each operation.
// Each is named where it is needed first.
func (k kind) section(actions map[string][]string) string {
	var text strings.Builder
	text.WriteString(heading)
	named := map[string]bool{}
	for _, op := range k.operations {
		var fresh []string
		for _, action := range actions[op.name] {
			permission := ramapi.Permission(action)
			if session := strings.HasPrefix(permission, "sts:") && k.folder != "ephemeral-resources"; session {
				continue // that of the provider itself
			}
			if permission != "" && !named[permission] {
				named[permission] = true
				fresh = append(fresh, "`"+permission+"`")
			}
		}
		slices.Sort(fresh)
		if len(fresh) > 0 {
			fmt.Fprintf(&text, "\n- To %s: %s", op.name, strings.Join(fresh, ", "))
		}
	}
	if len(named) == 0 {
		return heading + "\nNone: it calls nothing that needs a permission.\n"
	}
	text.WriteString("\n")
	if len(k.operations) > 1 {
		text.WriteString("\nEach line needs those above it too. ")
	} else {
		text.WriteString("\n")
	}
	text.WriteString("This is all that its code may call; what a configuration leaves out may need less, and a read that is merely for advice is done without where it is refused.\n")
	return text.String()
}

// rewrite puts the section into a page, in place of the one that it has, or before
// what is about importing, or at its end.
func rewrite(page, section string) error {
	text, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	before, after := string(text), ""
	if head, rest, found := strings.Cut(before, heading); found {
		before = head
		if i := strings.Index(rest, "\n## "); i >= 0 {
			after = rest[i+1:]
		}
	} else if head, rest, found := strings.Cut(before, "\n## Import\n"); found {
		before, after = head+"\n", "## Import\n"+rest
	}
	if after != "" {
		section += "\n"
	}
	return os.WriteFile(page, []byte(strings.TrimRight(before, "\n")+"\n\n"+section+after), 0o644)
}

// sortedSet gives what a set has, sorted.
func sortedSet(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }
