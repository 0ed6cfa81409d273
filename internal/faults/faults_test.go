// Package faults holds what every write of the provider must stand: the answer
// lost, the call refused, the provider killed, Ctrl-C, reads that lag behind.
// Each row of its table is one write action and one fault; it runs the real
// terraform and the real provider against a RAM server of its own, and looks at
// the account afterwards. It leaves out what reads do, which change nothing.
//
// RAM_FAULTS=all runs every fault of every action, otherwise one fault of each,
// and of these one half: the tests run with Terraform and the server's usual
// answers, and with its other ones (RAM_ACC_UNSURE=1) or OpenTofu, and each of
// these ways takes the share that the other leaves it. What is thorough is run
// the usual way.
// RAM_FAULTS_ONLY is a regular expression of rows such as
// CreateUser/lost-dropped, of all that there are. RAM_FAULTS_PARALLEL is how
// many rows run at once, 2 when it is not set. RAM_FAULTS_OUT names a file that
// gets the table as well. RAM_FAULTS_VERBOSE=1 shows the commands of clean rows
// too. RAM_ACC_UNSURE=1 counts as for acceptance tests.
package faults

import (
	"cmp"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestAccFaults(t *testing.T) {
	switch {
	case os.Getenv("TF_ACC") == "" || os.Getenv("RAM_ACC_REAL") == "1":
		t.Skip("runs terraform against RAM servers of its own: set TF_ACC, and not RAM_ACC_REAL")
	case runtime.GOOS == "windows":
		t.Skip("needs signals, and a shell script in front of the provider")
	case os.Getenv("RAM_ACC_SLOW") == "1" && os.Getenv("RAM_FAULTS") != "all":
		t.Skip("the server that it runs against is never slow")
	}
	rows := chosenRows(t)
	tools := newTools(t)
	atOnce := make(chan struct{}, parallelRows(t))
	for _, r := range rows {
		t.Run(r.name(), func(t *testing.T) {
			t.Parallel()
			atOnce <- struct{}{}
			defer func() { <-atOnce }()
			r.tools, r.folder = tools, t.TempDir()
			if err := r.run(); err != nil {
				t.Fatalf("%v\n%s", err, r.log.String())
			}
			for _, flaw := range r.flaws() {
				t.Error(flaw)
			}
			if t.Failed() || os.Getenv("RAM_FAULTS_VERBOSE") == "1" {
				t.Log("\n" + r.log.String())
			}
		})
	}
	// Parallel subtests end after this function and before its cleanups.
	t.Cleanup(func() { printTable(t, rows) })
}

// chosenRows gives the rows that the environment asks for.
func chosenRows(t *testing.T) []*row {
	t.Helper()
	only, err := regexp.Compile(os.Getenv("RAM_FAULTS_ONLY"))
	if err != nil {
		t.Fatalf("RAM_FAULTS_ONLY: %v", err)
	}
	var rows []*row
	if os.Getenv("RAM_FAULTS") != "all" && os.Getenv("RAM_FAULTS_ONLY") == "" {
		rows = shortRows()[wayOfThisRun()]
	} else {
		for _, s := range scenarios() {
			for _, hit := range s.strikes {
				rows = append(rows, rowsOf(s, hit, faultsOf(hit))...)
			}
		}
	}
	rows = slices.DeleteFunc(rows, func(r *row) bool { return !only.MatchString(r.name()) })
	if len(rows) == 0 {
		t.Fatal("RAM_FAULTS_ONLY matches no row")
	}
	return rows
}

// The ways that tests are run in.
const (
	usual = iota
	other
	ways
)

func wayOfThisRun() int {
	if os.Getenv("RAM_ACC_UNSURE") == "1" || strings.Contains(filepath.Base(os.Getenv("TF_ACC_TERRAFORM_PATH")), "tofu") {
		return other
	}
	return usual
}

// shortRows gives the rows of the short form by the way that runs them. A
// scenario goes to one way as a whole, since it is prepared once, and to the way
// that has the fewest rows so far.
func shortRows() [ways][]*row {
	var all [ways][]*row
	turn := 0
	for _, s := range scenarios() {
		way := usual
		if len(all[other]) < len(all[usual]) {
			way = other
		}
		if slices.ContainsFunc(s.strikes, func(hit strike) bool { return hit.thorough }) {
			way = usual
		}
		for _, hit := range s.strikes {
			faults := faultsOf(hit)
			if !hit.thorough {
				faults, turn = faults[turn%len(faults):][:1], turn+1
				if hit.conflict != "" {
					faults = []string{conflicting}
				}
			}
			all[way] = append(all[way], rowsOf(s, hit, faults)...)
		}
	}
	return all
}

func rowsOf(s *scenario, hit strike, faults []string) []*row {
	var rows []*row
	for _, fault := range faults {
		rows = append(rows, &row{scenario: s, strike: hit, fault: fault})
	}
	return rows
}

func parallelRows(t *testing.T) int {
	t.Helper()
	n, err := strconv.Atoi(cmp.Or(os.Getenv("RAM_FAULTS_PARALLEL"), "2"))
	if err != nil || n < 1 {
		t.Fatal("RAM_FAULTS_PARALLEL must be a number, 1 or more")
	}
	return n
}
