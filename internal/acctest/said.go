package acctest

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
)

// Said matches the text in what Terraform prints, however it breaks the lines.
func Said(text string) *regexp.Regexp {
	return regexp.MustCompile(strings.ReplaceAll(regexp.QuoteMeta(text), " ", `\s+`))
}

// NeverAnswered checks that no call has been refused with a code that begins so.
func (a *Account) NeverAnswered(code string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		for _, c := range a.Server.Calls() {
			if strings.HasPrefix(c.Code, code) {
				return fmt.Errorf("%s was sent, and answered %s", c.Action, c.Code)
			}
		}
		return nil
	}
}
