package bench

import (
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// adoptAccount runs `terraform-provider-ram adopt` on a served account, and gives what it printed.
func adoptAccount(t *testing.T, provider string, s *server, folder string) string {
	t.Helper()
	c := exec.Command(filepath.Join(provider, "terraform-provider-ram"), "adopt", "-out", folder)
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "SYSTEMROOT=" + os.Getenv("SYSTEMROOT")}
	for name, value := range s.env() {
		c.Env = append(c.Env, name+"="+value)
	}
	output, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("adopt: %v\n%s", err, output)
	}
	return string(output)
}

// adoptable is how many calls adopting an account needs at least. A configuration says who has an access key; adopting
// asks for everybody's, and for the network policy of each key. Attachments in resource groups come in pages of a
// hundred, with all others.
func (a account) adoptable() int {
	keys := (a.people + 1) / 2
	return a.unavoidable() + a.people - keys + keys + 2*a.people/100
}

// bound is how many calls adopting may make: besides, the first page of every kind that the account has nothing of, and
// users once more for each kind of thing that hangs on them.
func bound(a account) int { return a.adoptable() + spareCalls + 10 + 5*(a.people+999)/1000 }

func TestAccAdopt_anAccountOf300PeopleIsImportedAndNothingElse(t *testing.T) {
	if os.Getenv("TF_ACC") == "" || os.Getenv("RAM_ACC_REAL") == "1" {
		t.Skip("runs terraform against a server of its own: set TF_ACC, and not RAM_ACC_REAL")
	}
	t.Parallel()
	program, err := exec.LookPath(cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform"))
	if err != nil {
		t.Fatal(err)
	}
	provider := buildProvider(t)
	s := startServer(t, serverConfig{People: 300, Everything: true})
	tf := newTerraform(t, program, provider, 0, "", s.env())
	for _, name := range []string{"people.tf", "main.tf"} {
		if err := os.Remove(filepath.Join(tf.folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	s.tally(t)
	printed := adoptAccount(t, provider, s, tf.folder)
	calls, most := s.tally(t), bound(account{people: 300, everything: true})
	if calls.calls() > most {
		t.Errorf("adopting made %d calls, want at most %d: %v", calls.calls(), most, calls.Actions)
	}
	adopted := regexp.MustCompile(`(\d+) to import, 0 to add`).FindStringSubmatch(printed)
	if adopted == nil {
		t.Fatalf("adopt printed no summary:\n%s", printed)
	}
	if n, _ := strconv.Atoi(adopted[1]); n < 300*4 {
		t.Errorf("adopted %d resources, which leaves many out:\n%s", n, printed)
	}

	plan := tf.output(t, "plan")
	if want := "Plan: " + adopted[1] + " to import, 0 to add, 0 to change, 0 to destroy."; !strings.Contains(plan, want) {
		t.Errorf("the plan does not say %q: %s", want, plan[max(0, len(plan)-3000):])
	}
	tf.run(t, "apply", "-auto-approve")
	for action := range s.tally(t).Actions {
		if !strings.HasPrefix(action, "Get") && !strings.HasPrefix(action, "List") {
			t.Errorf("the import called %s", action)
		}
	}
	tf.run(t, "plan", "-detailed-exitcode")
}

func TestAdopt_5000PeopleStayWithinTheBoundOnCalls(t *testing.T) {
	if os.Getenv("RAM_ACC_UNSURE") == "1" {
		t.Skip("the server of the bench gives RAM's usual answers")
	}
	t.Parallel()
	s := startServer(t, serverConfig{People: 5000})
	s.tally(t)
	adoptAccount(t, buildProvider(t), s, t.TempDir())
	calls, most := s.tally(t), bound(account{people: 5000})
	if calls.calls() > most {
		t.Errorf("adopting made %d calls, want at most %d: %v", calls.calls(), most, calls.Actions)
	}
}
