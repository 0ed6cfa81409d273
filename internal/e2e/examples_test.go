package e2e

import (
	"strings"
	"testing"
)

func TestAccExampleBulkUsers_thirtyPeopleComeAreRenamedAndLeave(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	w.copy("examples/bulk-users")
	w.applies()
	var names map[string]string
	w.output("logon_names", &names)
	if len(names) != 26 || !strings.HasPrefix(names["2001"], "alice@") {
		t.Errorf("26 of the 30 people log on, got %v", names)
	}
	w.edit("people.csv", "2001,alice,Alice", "2001,alicia,Alicia", "2030,deniz,Deniz,data,yes\n", "")
	plan := w.terraform("plan", "-no-color")
	if !strings.Contains(plan, "to destroy") || strings.Contains(plan, "must be replaced") {
		t.Errorf("somebody is replaced:\n%s", plan)
	}
	w.applies()
	w.output("logon_names", &names)
	if !strings.HasPrefix(names["2001"], "alicia@") {
		t.Errorf("alice was not renamed: %v", names)
	}
	w.terraform("destroy", "-auto-approve", "-no-color")
}

func TestAccExampleMonitoringTeam_handsOutNamesAndPages(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	w.copy("examples/monitoring-team")
	w.applies()
	var logons map[string]struct{ Name, Page string }
	w.output("logons", &logons)
	if alice := logons["alice"]; len(logons) != 5 || !strings.HasPrefix(alice.Name, "alice@") || !strings.Contains(alice.Page, "?username=alice%40") {
		t.Errorf("got %v", logons)
	}
	w.terraform("destroy", "-auto-approve", "-no-color")
}

func TestAccExampleAccountBaseline_leavesTheAccountAsItWas(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	w.copy("examples/account-baseline")
	w.applies()
	var names map[string]string
	w.output("logon_names", &names)
	if names["alice"] != "alice@example-baseline.onaliyun.com" {
		t.Errorf("people log on as %v", names)
	}
	w.terraform("destroy", "-auto-approve", "-no-color")
	w.isEmpty()
}
