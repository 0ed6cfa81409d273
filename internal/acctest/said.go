package acctest

import (
	"regexp"
	"strings"
)

// Said matches the text in what Terraform prints, however it breaks the lines.
func Said(text string) *regexp.Regexp {
	return regexp.MustCompile(strings.ReplaceAll(regexp.QuoteMeta(text), " ", `\s+`))
}
