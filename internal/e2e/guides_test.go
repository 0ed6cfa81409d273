package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
)

// What a page tells its reader to write and to run is written and run, in the page's order, in one folder and on one
// account, which is empty at first:
//
//   - a block that begins with a comment that names a file, such as `# main.tf`, is that file's content;
//   - a block of sh is run by bash, and where a block of text follows, its lines are in what was printed, in their
//     order; … stands for anything in a line, and alone in a line for any number of them;
//   - any other block of terraform is a fragment, which has to be well formed.
//
// `<!-- not run: REASON -->` before a block leaves it out, `<!-- terraform only: REASON -->` and
// `<!-- tofu only: REASON -->` leave it to one of the two.

// block is a block of code of a page.
type block struct {
	line     int // of the page
	language string
	only     string // "", "not run", "terraform only" or "tofu only"
	text     string
	afterRun bool // nothing but empty lines is between it and the block before
}

var (
	fence  = regexp.MustCompile("^```(\\w*)$")
	remark = regexp.MustCompile(`^<!-- (not run|terraform only|tofu only): \S.* -->$`)
	// remarkAlike is what was meant as a remark.
	remarkAlike = regexp.MustCompile(`^<!-- *(not run|terraform only|tofu only)`)
	fileName    = regexp.MustCompile(`^# ([\w./-]+\.\w+)\n`)
)

// blocks gives the blocks of code of a page.
func blocks(t *testing.T, page string) []block {
	t.Helper()
	var found []block
	var current *block
	only, between := "", true
	n := 0
	for line := range strings.Lines(page) {
		n++
		text := strings.TrimRight(line, "\n")
		opening := fence.FindStringSubmatch(text)
		switch {
		case current != nil && text == "```":
			found = append(found, *current)
			current, only, between = nil, "", false
		case current != nil:
			current.text += line
		case opening != nil:
			current = &block{line: n, language: opening[1], only: only, afterRun: !between}
		case remark.MatchString(text):
			only = remark.FindStringSubmatch(text)[1]
		case text != "":
			if only != "" || remarkAlike.MatchString(text) {
				t.Fatalf("line %d: a remark without a reason, or no block follows it: %s", n, text)
			}
			between = true
		}
	}
	if current != nil {
		t.Fatalf("line %d: a block without an end", current.line)
	}
	return found
}

func TestAccGuides_doWhatTheyTellTheirReaderToDo(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob(filepath.Join(repository, "docs", "guides", "*.md"))
	if err != nil || len(pages) < 4 {
		t.Fatalf("found %d guides, %v", len(pages), err)
	}
	for _, page := range append(pages, filepath.Join(repository, "README.md"), filepath.Join(repository, "docs", "index.md")) {
		t.Run(strings.TrimSuffix(filepath.Base(page), ".md"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(page)
			if err != nil {
				t.Fatal(err)
			}
			newWalk(t).follow(blocks(t, string(text)))
		})
	}
}

// walk is a reader's way through a page.
type walk struct {
	*workspace
	account *acctest.Account
	script  strings.Builder
	prints  []printed
}

// printed is what a block printed, and the text that the page shows for it.
type printed struct {
	block
	file, shown string
}

// newWalk begins beside a clone of the repository, with the credentials of somebody who may do everything.
func newWalk(t *testing.T) *walk {
	account := acctest.NewLocal(t)
	account.WorkAsUser(t)
	w := &walk{workspace: newWorkspace(t), account: account}
	clone := filepath.Join(w.folder, "terraform-provider-ram")
	if err := os.CopyFS(filepath.Join(clone, "examples"), os.DirFS(filepath.Join(repository, "examples"))); err != nil {
		t.Fatal(err)
	}
	return w
}

// follow does what the blocks say.
func (w *walk) follow(page []block) {
	w.t.Helper()
	scratch := w.t.TempDir()
	for _, b := range page {
		if !b.isForThis() {
			continue
		}
		place := filepath.Join(scratch, fmt.Sprint("line-", b.line))
		name := fileName.FindStringSubmatch(b.text)
		switch {
		case name != nil && b.language != "sh":
			w.write(place, b.text)
			fmt.Fprintf(&w.script, "mkdir -p %q && cp %q %q\n", filepath.Dir(name[1]), place, name[1])
			fallthrough
		case b.language == "terraform":
			w.checkTerraform(b)
		case b.language == "sh":
			w.prints = append(w.prints, printed{block: b, file: place})
			fmt.Fprintf(&w.script, "{\n%s} >%q 2>&1 </dev/null\n", b.text, place)
		case b.language == "text" && b.afterRun && len(w.prints) > 0:
			w.prints[len(w.prints)-1].shown = b.text
		}
	}
	w.runScript()
	for _, p := range w.prints {
		if err := shows(w.read(p.file), p.shown); err != nil {
			w.t.Errorf("line %d: %v", p.line, err)
		}
	}
}

// isForThis tells whether the block is for the program under test.
func (b block) isForThis() bool {
	tofu := strings.Contains(filepath.Base(os.Getenv("TF_ACC_TERRAFORM_PATH")), "tofu")
	return b.only == "" || b.only == "tofu only" && tofu || b.only == "terraform only" && !tofu
}

func (w *walk) write(file, text string) {
	w.t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// read gives nothing for a file that is not there.
func (w *walk) read(file string) string {
	text, _ := os.ReadFile(file)
	return string(text)
}

// checkTerraform wants configuration that parses and is formatted.
func (w *walk) checkTerraform(b block) {
	w.t.Helper()
	if b.language != "terraform" {
		return
	}
	text := []byte(b.text)
	if _, diags := hclsyntax.ParseConfig(text, fmt.Sprint("line ", b.line), hcl.InitialPos); diags.HasErrors() {
		w.t.Error(diags)
	} else if formatted := hclwrite.Format(text); string(formatted) != b.text {
		w.t.Errorf("line %d: the configuration is not formatted as terraform fmt does; want\n%s", b.line, formatted)
	}
}

// runScript runs all the blocks in one shell, which keeps its folder and its variables from one to the next.
func (w *walk) runScript() {
	w.t.Helper()
	if len(w.prints) == 0 {
		return
	}
	c := w.command("bash", "-euo", "pipefail", "-c", w.script.String())
	for name, value := range w.account.Env() {
		c.Env = append(c.Env, name+"="+value)
	}
	c.Env = append(c.Env, "TF_CLI_ARGS=-no-color", "TF_CLI_ARGS_apply=-auto-approve", "TF_CLI_ARGS_destroy=-auto-approve")
	out, err := c.CombinedOutput()
	if err == nil {
		return
	}
	last := w.prints[0]
	for _, p := range w.prints {
		if _, err := os.Stat(p.file); err == nil {
			last = p
		}
	}
	w.t.Fatalf("line %d: %v\n%s%s", last.line, err, w.read(last.file), out)
}

// shows gives an error unless what the page shows is in what was printed.
func shows(printed, shown string) error {
	lines := strings.Split(printed, "\n")
	for want := range strings.Lines(shown) {
		want = strings.TrimSpace(want)
		if want == "" || want == "…" {
			continue
		}
		parts := strings.Split(want, "…")
		for i := range parts {
			parts[i] = regexp.QuoteMeta(parts[i])
		}
		line := regexp.MustCompile("^" + strings.Join(parts, ".*") + "$")
		i := slices.IndexFunc(lines, func(l string) bool { return line.MatchString(strings.TrimSpace(l)) })
		if i < 0 {
			return fmt.Errorf("this line does not come, or not there: %s\nprinted was:\n%s", want, printed)
		}
		lines = lines[i+1:]
	}
	return nil
}
