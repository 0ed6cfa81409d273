package sandbox

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

const printKey = `echo "$ALIBABA_CLOUD_ACCESS_KEY_ID $ALIBABA_CLOUD_ACCESS_KEY_SECRET"`

func TestDataKeepsTheAccountBetweenRuns(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "account.json")
	s := serveSandbox(t, "-data", data)
	if _, err := s.client(t).CreateUser(t.Context(), ramapi.User{Name: "alice"}); err != nil {
		t.Fatal(err)
	}
	interrupt(t, s)

	s = serveSandbox(t, "-data", data)
	if _, err := s.client(t).User(t.Context(), "alice", ""); err != nil {
		t.Error(err)
	}
	key := s.env["ALIBABA_CLOUD_ACCESS_KEY_ID"] + " " + s.env["ALIBABA_CLOUD_ACCESS_KEY_SECRET"]
	interrupt(t, s)
	if _, stdout, _ := finish(t, sandbox(t, "-data", data, "--", "sh", "-c", printKey)); strings.TrimSpace(stdout) != key {
		t.Errorf("the key is %s, before it was %s", stdout, key)
	}

	left, err := os.ReadDir(filepath.Dir(data))
	if err != nil || len(left) != 1 {
		t.Errorf("more than the account is left: %v (%v)", left, err)
	}
}

func TestACallWhoseAnswerIsDroppedIsSavedToo(t *testing.T) {
	d := &dataFile{called: make(chan struct{}, 1)}
	dropping := d.keeping(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	func() {
		defer func() { _ = recover() }()
		dropping.ServeHTTP(nil, nil)
	}()
	if len(d.called) != 1 {
		t.Error("nobody knows of the call")
	}
}

func interrupt(t *testing.T, s *server) {
	t.Helper()
	if err := s.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := s.Wait(); err != nil {
		t.Fatal(err)
	}
}

func TestTheDataFileIsPrivate(t *testing.T) {
	data := filepath.Join(t.TempDir(), "account.json")
	for _, before := range []string{"new", "readable by others"} {
		if code, _, stderr := finish(t, sandbox(t, "-data", data, "--", "true")); code != 0 {
			t.Fatal(stderr)
		}
		info, err := os.Stat(data)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v (%v)", before, info.Mode(), err)
		}
		if err := os.Chmod(data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestALinkToTheDataFileStaysOne(t *testing.T) {
	folder := t.TempDir()
	link := filepath.Join(folder, "link.json")
	if err := os.WriteFile(filepath.Join(folder, "account.json"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("account.json", link); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := finish(t, sandbox(t, "-data", link, "--", "true")); code != 0 {
		t.Fatal(stderr)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is now %v (%v)", info.Mode(), err)
	}
	if content, err := os.ReadFile(filepath.Join(folder, "account.json")); err != nil || len(content) == 0 {
		t.Errorf("the account was not saved (%v)", err)
	}
}

func TestASecondSandboxOnTheSameFileIsRefused(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "account.json")
	s := serveSandbox(t, "-data", data)
	code, _, stderr := finish(t, sandbox(t, "-data", data, "--", "true"))
	if code != 1 || !strings.Contains(stderr, data+": another sandbox is using it") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	if err := s.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = s.Wait() // it was killed
	if code, _, stderr := finish(t, sandbox(t, "-data", data, "--", "true")); code != 0 {
		t.Errorf("after the first was killed: exit code %d: %s", code, stderr)
	}
}

func TestOnlyANewAccountStartsFromTheSeed(t *testing.T) {
	folder := t.TempDir()
	seed, data := filepath.Join(folder, "seed.json"), filepath.Join(folder, "account.json")
	for _, name := range []string{"first", "second"} {
		content := fmt.Sprintf(`{"Format": 1, "AccountId": "5555555555555555", "Users": {"2000000000000000%02d": {"UserName": %q}}}`, len(name), name)
		if err := os.WriteFile(seed, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		s := serveSandbox(t, "-data", data, "-seed", seed)
		if _, err := s.client(t).User(t.Context(), "first", ""); err != nil {
			t.Errorf("with the seed %s: %v", name, err)
		}
		if _, err := s.client(t).User(t.Context(), "second", ""); !ramapi.IsNotFound(err) {
			t.Errorf("with the seed %s there is a user of the second seed (%v)", name, err)
		}
		id, err := s.client(t).CallerIdentity(t.Context())
		if err != nil || id.ARN != "acs:ram::5555555555555555:user/sandbox-admin" {
			t.Errorf("the caller is %s (%v)", id.ARN, err)
		}
		interrupt(t, s)
	}
}

// The file is large, so that saving it takes a while.
func TestTheDataFileIsWholeAtAnyMoment(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	seed, data := filepath.Join(folder, "seed.json"), filepath.Join(folder, "account.json")
	users := make([]string, 3000)
	for i := range users {
		users[i] = fmt.Sprintf(`"%018d": {"UserName": "user%d"}`, i+1, i)
	}
	if err := os.WriteFile(seed, []byte(`{"Format": 1, "Users": {`+strings.Join(users, ",")+`}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for round := range 5 {
		s := serveSandbox(t, "-data", data, "-seed", seed)
		client := s.client(t)
		go func() {
			_, err := client.CreateGroup(t.Context(), ramapi.Group{Name: fmt.Sprintf("round%d", round)})
			for err == nil { // the sandbox has not been killed
				_, err = client.UpdateGroup(t.Context(), fmt.Sprintf("round%d", round), "", ramapi.GroupUpdate{Comments: new(fmt.Sprint(rand.Int()))})
			}
		}()
		saved := false
		for end := time.Now().Add(200*time.Millisecond + rand.N(200*time.Millisecond)); !saved || time.Now().Before(end); {
			content, err := os.ReadFile(data)
			if err != nil || !json.Valid(content) {
				t.Fatalf("read %d bytes that are not an account (%v)", len(content), err)
			}
			saved = strings.Contains(string(content), fmt.Sprintf(`"round%d"`, round))
			if time.Since(end) > 20*time.Second {
				t.Fatalf("round %d: nothing was saved while it ran", round)
			}
		}
		if err := s.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = s.Wait() // it was killed
		content, err := os.ReadFile(data)
		if err != nil {
			t.Fatal(err)
		}
		if err := new(ramserver.Server).Load(content); err != nil {
			t.Fatalf("after the sandbox was killed: %v", err)
		}
	}
}
