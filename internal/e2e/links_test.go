package e2e

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	link     = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	registry = "https://registry.terraform.io/providers/ram-provider/ram/latest/docs/"
	tree     = "https://github.com/ram-provider/terraform-provider-ram/tree/main/"
)

// A link to another page, or to a folder of the repository, leads to one that is there.
func TestLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	pages := []string{"README.md", "CHANGELOG.md", "CONTRIBUTING.md"}
	err := fs.WalkDir(os.DirFS(repository), ".", func(path string, d fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".md") && (strings.HasPrefix(path, "docs/") || strings.HasPrefix(path, "examples/")) {
			pages = append(pages, path)
		}
		if d.IsDir() && strings.HasPrefix(path, ".") && path != "." {
			return fs.SkipDir
		}
		return err
	})
	if err != nil || len(pages) < 50 {
		t.Fatalf("found %d pages, %v", len(pages), err)
	}
	followed := 0
	for _, page := range pages {
		text, err := os.ReadFile(filepath.Join(repository, page))
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range link.FindAllStringSubmatch(string(text), -1) {
			target, ours := targetOf(page, l[1])
			if !ours {
				continue
			}
			followed++
			if _, err := os.Stat(filepath.Join(repository, target)); err != nil {
				if _, err := os.Stat(filepath.Join(repository, target+".md")); err != nil {
					t.Errorf("%s: the link to %s leads nowhere", page, l[1])
				}
			}
		}
	}
	if followed < 100 {
		t.Errorf("followed %d links only", followed)
	}
}

// targetOf gives what a link on a page leads to, as a path in the repository, and whether it is there at all.
func targetOf(page, link string) (target string, ours bool) {
	link, _, _ = strings.Cut(link, "#")
	if rest, ok := strings.CutPrefix(link, registry); ok {
		return filepath.Join("docs", rest), true
	}
	if rest, ok := strings.CutPrefix(link, tree); ok {
		return rest, true
	}
	if link == "" || strings.Contains(link, ":") {
		return "", false
	}
	return filepath.Join(filepath.Dir(page), link), true
}
