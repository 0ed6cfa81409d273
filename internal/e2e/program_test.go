package e2e

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestAccProgram_saysWhatItCanDo(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	for _, c := range []struct {
		args, says string
		code       int
	}{
		{"-h", "sandbox", 0},
		{"help", "adopt", 0},
		{"version", installedVersion, 0},
		{"", "Usage: terraform-provider-ram", 2},
		{"sandbx", "Usage: terraform-provider-ram", 2},
		{"adopt -h", "-out", 0},
		{"sandbox -h", "-data", 0},
	} {
		command := w.command(filepath.Join(bin, program("terraform-provider-ram")), strings.Fields(c.args)...)
		out, err := command.CombinedOutput()
		if command.ProcessState == nil {
			t.Fatal(err)
		}
		if code := command.ProcessState.ExitCode(); code != c.code || !strings.Contains(string(out), c.says) {
			t.Errorf("%q: exit code %d, want %d\n%s", c.args, code, c.code, out)
		}
	}
}
