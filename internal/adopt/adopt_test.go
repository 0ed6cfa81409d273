package adopt

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/provider"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// adopted runs the command on an account, and gives what it printed.
func adopted(t *testing.T, acc *acctest.Account, o options) (out, progressText string, err error) {
	t.Helper()
	var summary, shown strings.Builder
	env := acc.Env()
	p := provider.NewWithEnv("test", func(name string) string { return env[name] })
	err = run(context.Background(), p, o, &summary, &progress{to: &shown})
	return summary.String(), shown.String(), err
}

func TestRun_whatMayNotBeListedIsLeftOutWithAWarning(t *testing.T) {
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		s.Intercept = func(c ramserver.Call) *ramserver.Fault {
			if c.Action == "ListPolicyAttachments" {
				return &ramserver.Fault{Status: http.StatusForbidden, Code: "NoPermission", Message: "Not you."}
			}
			return nil
		}
	})
	for _, name := range []string{"ops-alice", "bob"} {
		_, err := acc.Client().CreateUser(t.Context(), ramapi.User{Name: acc.Name(name)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = acc.Client().DeleteUser(context.Background(), acc.Name(name)) })
	}
	folder := filepath.Join(t.TempDir(), "account[1]")
	o, err := parseOptions([]string{"-out", folder, "-types", "user,policy_attachment", "-match", "ops-"})
	if err != nil {
		t.Fatal(err)
	}
	out, shown, err := adopted(t, acc, o)
	if err != nil || !strings.Contains(out, "1 to import, 0 to add") || !strings.Contains(shown, "Warning: ") {
		t.Errorf("got %v\n%s\n%s", err, out, shown)
	}
	text, err := os.ReadFile(filepath.Join(folder, "ram_user.tf"))
	if err != nil || !strings.Contains(string(text), acc.Name("ops-alice")) || strings.Contains(string(text), acc.Name("bob")) {
		t.Errorf("got %v\n%s", err, text)
	}
	if _, _, err := adopted(t, acc, o); err == nil || !strings.Contains(err.Error(), "is there already") {
		t.Errorf("the second run wrote over the first: %v", err)
	}
}
