package bench

import (
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

const (
	latency = 20 * time.Millisecond // of each call
	limit   = 50                    // calls a second
)

// part is one thing to measure, with its tables.
type part struct {
	sizes []int // numbers of people in the account
	write func(t *testing.T, out *strings.Builder, sizes []int)
}

var (
	partNames = []string{"provider", "limit", "few", "terraform"}
	parts     = map[string]part{
		"provider":  {[]int{100, 1000, 5000, 20000}, writeProvider},
		"limit":     {[]int{1000, 5000}, writeLimit},
		"few":       {[]int{50000}, writeFew},
		"terraform": {[]int{10, 100, 300}, writeTerraform},
	}
)

// TestTables measures, and writes what it finds as Markdown. RAM_BENCH names the parts to measure, with commas between
// them: provider, limit, few and terraform, or all. RAM_BENCH_SIZES replaces the numbers of people in the account, and
// RAM_BENCH_OUT names a file to write to instead of the standard output, which go test shows with -v.
//
// It fails where an answer is wrong or a refresh makes too many calls. How long things take it only tells.
func TestTables(t *testing.T) {
	wanted := settings("RAM_BENCH")
	if len(wanted) == 0 {
		t.Skip("RAM_BENCH is not set")
	}
	if slices.Contains(wanted, "all") {
		wanted = partNames
	}
	var sizes []int
	for _, text := range settings("RAM_BENCH_SIZES") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			t.Fatalf("RAM_BENCH_SIZES: %q is not a number of people", text)
		}
		sizes = append(sizes, n)
	}
	for _, name := range wanted {
		if _, found := parts[name]; !found {
			t.Fatalf("RAM_BENCH: %q is none of %s", name, strings.Join(partNames, ", "))
		}
	}
	var out strings.Builder
	writePreamble(&out)
	for _, name := range partNames {
		if !slices.Contains(wanted, name) {
			continue
		}
		p := parts[name]
		if len(sizes) > 0 {
			p.sizes = sizes
		}
		t.Run(name, func(t *testing.T) { p.write(t, &out, p.sizes) })
	}
	if file := os.Getenv("RAM_BENCH_OUT"); file != "" {
		if err := os.WriteFile(file, []byte(out.String()), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	fmt.Print(out.String())
}

// settings gives what an environment variable lists.
func settings(name string) []string {
	return strings.FieldsFunc(os.Getenv(name), func(c rune) bool { return c == ',' || c == ' ' })
}

// writePreamble says how the tables were made.
func writePreamble(out *strings.Builder) {
	command := "make bench"
	if names := strings.Join(settings("RAM_BENCH"), ","); names != "all" {
		command += " PARTS=" + names
	}
	if sizes := settings("RAM_BENCH_SIZES"); len(sizes) > 0 {
		command = "RAM_BENCH_SIZES=" + strings.Join(sizes, ",") + " " + command
	}
	fmt.Fprintf(out, "Made with `%s` on %d cores (%s/%s, %s), with %d ms of latency.\n",
		command, runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version(), latency.Milliseconds())
}

// writeProvider refreshes accounts in which everything is managed.
func writeProvider(t *testing.T, out *strings.Builder, sizes []int) {
	var runs []run
	table := newTable("People", "Resources", "Calls", "Unavoidable", "Time, s", "Unavoidable time, s", "Ratio",
		"Served in, ms", "CPU per resource, ms", "Kept per resource, KB", "Peak growth per resource, KB", "Peak memory, MB", "Connections")
	for _, people := range sizes {
		subtest(t, people, func(t *testing.T) {
			r := measure(t, account{people: people}, serverConfig{Latency: latency})
			runs = append(runs, r)
			least := callTime(r.unavoidable())
			table.row(number(people), number(r.resources), number(r.calls()), number(r.unavoidable()), seconds(r.wall), seconds(least), ratio(r.wall, least),
				fmt.Sprintf("%.1f", 1000*r.Served.Seconds()/float64(r.calls())),
				fmt.Sprintf("%.2f", 1000*r.cpu.Seconds()/float64(r.resources)), kilobytes(r.kept, r.resources), kilobytes(r.peakGrowth, r.resources), megabytes(r.peak), number(r.Connections))
			if err := r.overBound(); err != nil {
				t.Error(err)
			}
		})
	}
	byAction := actionTable("People", runs, func(r run) string { return number(r.people) })
	fmt.Fprintf(out, "\n### The provider alone\n\nA refresh and a plan of everything in the account, %d resources at once, with nothing to change. "+
		"The unavoidable time is that of the unavoidable calls, %d at once; how long the server took for a call is more than the latency. What measures is part of the peak memory and of the time, and its checks are part of the CPU.\n\n"+
		"%s\nCalls by action:\n\n%s", atOnce, atOnce, table, byAction)
}

// writeLimit does the same where the account may make few calls a second.
func writeLimit(t *testing.T, out *strings.Builder, sizes []int) {
	table := newTable("People", "Calls without a limit", "Calls", "Refused", "Ratio of calls", "Time, s", "Least time, s", "Ratio of times")
	for _, people := range sizes {
		subtest(t, people, func(t *testing.T) {
			a := account{people: people}
			free := measure(t, a, serverConfig{Latency: latency})
			r := measure(t, a, serverConfig{Latency: latency, Throttle: limit})
			least := time.Duration(free.calls()) * time.Second / limit
			table.row(number(people), number(free.calls()), number(r.calls()), number(r.Throttled),
				fmt.Sprintf("%.2f", float64(r.calls())/float64(free.calls())), seconds(r.wall), seconds(least), ratio(r.wall, least))
		})
	}
	fmt.Fprintf(out, "\n### At %d calls a second\n\nThe same, in an account that refuses calls beyond that. Refused ones count among the calls. "+
		"The least time is that of the calls without a limit, so many a second; the first second's worth is free.\n\n%s", limit, table)
}

// writeFew refreshes a few people of a large account.
func writeFew(t *testing.T, out *strings.Builder, sizes []int) {
	const managed = 5
	var runs []run
	describe := func(r run) string {
		if r.bare {
			return fmt.Sprintf("%s: %d users", number(r.people), r.managed)
		}
		return fmt.Sprintf("%s: %d users with everything of theirs", number(r.people), r.managed)
	}
	table := newTable("Managed", "Resources", "Calls", "Time, s", "Peak memory, MB")
	for _, people := range sizes {
		subtest(t, people, func(t *testing.T) {
			for _, bare := range []bool{true, false} {
				r := measure(t, account{people: people, managed: managed, bare: bare}, serverConfig{Latency: latency})
				runs = append(runs, r)
				table.row(describe(r), number(r.resources), number(r.calls()), seconds(r.wall), megabytes(r.peak))
				// Lists may cost twice what single reads would have.
				if most := 3*r.resources + 20; r.calls() > most {
					t.Errorf("%d calls for %d resources, at most %d are worth it: %v", r.calls(), r.resources, most, r.Actions)
				}
			}
		})
	}
	fmt.Fprintf(out, "\n### Few people of many\n\nAn account of many people, of which the configuration has %d.\n\n%s\nCalls by action:\n\n%s",
		managed, table, actionTable("Managed", runs, describe))
}

// actionTable lists the calls of runs by action.
func actionTable(what string, runs []run, describe func(run) string) *table {
	all := map[string]bool{}
	heads := []string{"Action \\ " + what}
	for _, r := range runs {
		heads = append(heads, describe(r))
		for action := range r.Actions {
			all[action] = true
		}
	}
	table := newTable(heads...)
	for _, action := range slices.Sorted(maps.Keys(all)) {
		cells := []string{action}
		for _, r := range runs {
			cells = append(cells, number(r.Actions[action]))
		}
		table.row(cells...)
	}
	return table
}

func subtest(t *testing.T, people int, f func(*testing.T)) {
	t.Run(strconv.Itoa(people), f)
}

// callTime is what calls take, as many at once as Terraform makes.
func callTime(calls int) time.Duration { return time.Duration(calls) * latency / atOnce }

// table is a Markdown table.
type table struct{ strings.Builder }

func newTable(heads ...string) *table {
	t := &table{}
	t.row(heads...)
	// The first column names, the others count.
	t.row(append([]string{"---"}, slices.Repeat([]string{"---:"}, len(heads)-1)...)...)
	return t
}

func (t *table) row(cells ...string) { t.WriteString("| " + strings.Join(cells, " | ") + " |\n") }

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f", d.Seconds()) }

func ratio(a, b time.Duration) string { return fmt.Sprintf("%.2f", a.Seconds()/b.Seconds()) }

func kilobytes(bytes int64, resources int) string {
	if bytes == 0 {
		return "unknown"
	}
	return fmt.Sprintf("%.1f", float64(bytes)/1000/float64(resources))
}

func megabytes(bytes int64) string {
	if bytes == 0 {
		return "unknown"
	}
	return fmt.Sprintf("%.0f", float64(bytes)/1e6)
}

// number writes thousands apart.
func number(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return number(n/1000) + fmt.Sprintf(",%03d", n%1000)
}
