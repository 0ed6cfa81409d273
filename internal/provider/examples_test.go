package provider_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
)

// What the documentation shows is applied, and planned again without a change.
func TestAccExamples_applyAndSettle(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../examples/*/ram_*/*source.tf")
	if err != nil || len(files) < 9 {
		t.Fatalf("found %d examples, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			config := withDefaults(string(text))
			acctest.NewLocal(t).Run(t,
				resource.TestStep{Config: config},
				resource.TestStep{Config: config, ConfigPlanChecks: acctest.PlansNothing()},
			)
		})
	}
}

// withDefaults gives every variable of an example a value that is a good
// password.
func withDefaults(config string) string {
	var out []string
	for line := range strings.Lines(config) {
		out = append(out, line)
		if strings.HasPrefix(line, "variable ") {
			out = append(out, "default = \"An-1nitial-Passw0rd!\"\n")
		}
	}
	return strings.Join(out, "")
}
