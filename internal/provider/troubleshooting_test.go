package provider_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// What the guide quotes is what the provider says.
func TestTroubleshooting_quotesWhatIsShown(t *testing.T) {
	t.Parallel()
	read := func(file string) string {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	shown := ""
	for _, block := range shownBlock.FindAllStringSubmatch(read("testdata/mistakes.md"), -1) {
		shown += strings.Join(strings.Fields(block[1]), " ") + "\n"
	}
	guide, quoted := read("../../templates/guides/troubleshooting.md.tmpl"), 0
	for _, quote := range append(shownBlock.FindAllStringSubmatch(guide, -1), firstCell.FindAllStringSubmatch(guide, -1)...) {
		quoted++
		if words := strings.Join(strings.Fields(quote[1]), " "); !strings.Contains(shown, words) {
			t.Errorf("no mistake of testdata/mistakes.md shows this: %s", words)
		}
	}
	if quoted < 40 {
		t.Errorf("the guide quotes %d texts", quoted)
	}
}

var (
	shownBlock = regexp.MustCompile("(?s)```text\n(.*?)```")
	firstCell  = regexp.MustCompile("(?m)^\\| `([^`]+)` \\|")
)
