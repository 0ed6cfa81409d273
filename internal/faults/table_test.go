package faults

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// printTable prints the rows as Markdown.
func printTable(t *testing.T, rows []*row) {
	t.Helper()
	var b strings.Builder
	b.WriteString("| action | fault | ended as configured | applies | orphans | duplicates | secrets lost |\n")
	b.WriteString("| --- | --- | --- | --: | --- | --- | --- |\n")
	all, unclean := 0, 0
	for _, r := range rows {
		if !r.ran {
			continue // it has failed, or was not to run
		}
		all++
		if len(r.flaws()) > 0 {
			unclean++
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %d | %s | %s | %s |\n", r.strike.name(), r.fault, r.ending(), r.applies,
			counted(r.wrong.orphans), counted(r.wrong.duplicates), counted(r.secretsLost))
	}
	fmt.Fprintf(&b, "\n%d rows, %d unclean\n", all, unclean)
	fmt.Print("\n" + b.String())
	if path := os.Getenv("RAM_FAULTS_OUT"); path != "" {
		if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
			t.Error(err)
		}
	}
}

// ending says how the row ended, with what the user had to do or was told.
func (r *row) ending() string {
	text := "no"
	if r.ended {
		text = "yes"
	}
	if notes := r.notes(); notes != "" {
		text += ", " + notes
	}
	if len(r.complaints) > 0 {
		text += ", **but " + strings.Join(r.complaints, "; ") + "**"
	}
	return text
}

func counted(list []string) string {
	if len(list) == 0 {
		return "0"
	}
	return fmt.Sprintf("**%d**: %s", len(list), strings.Join(list, "; "))
}
