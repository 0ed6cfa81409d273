package sandbox

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/coverage"
	"strings"
	"testing"
	"time"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// asSandbox, in the environment, makes the test's executable behave as the sandbox command.
const asSandbox = "RAM_TEST_AS_SANDBOX"

func TestMain(m *testing.M) {
	if os.Getenv(asSandbox) != "" {
		_ = os.Unsetenv(asSandbox)
		code := Main(os.Args[1:])
		if folder := os.Getenv("GOCOVERDIR"); folder != "" { // of `make cover`; only m.Run would write it
			_ = coverage.WriteMetaDir(folder)
			_ = coverage.WriteCountersDir(folder)
		}
		os.Exit(code)
	}
	os.Exit(m.Run())
}

// sandbox is the command as a process of its own, in a home folder of its own.
func sandbox(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(executable, args...)
	c.Env = append(os.Environ(), asSandbox+"=1", "HOME="+t.TempDir(), "XDG_CONFIG_HOME=", "APPDATA=",
		"TF_CLI_CONFIG_FILE=", "TERRAFORM_CONFIG=", "TMPDIR="+t.TempDir(), "GOCOVERDIR="+flag.Lookup("test.gocoverdir").Value.String())
	return c
}

// finish runs a command to its end.
func finish(t *testing.T, c *exec.Cmd) (code int, stdout, stderr string) {
	t.Helper()
	var out, complaints bytes.Buffer
	c.Stdout, c.Stderr = &out, &complaints
	if err := c.Run(); err != nil {
		if _, ok := errors.AsType[*exec.ExitError](err); !ok {
			t.Fatal(err)
		}
	}
	return c.ProcessState.ExitCode(), out.String(), complaints.String()
}

// server is a sandbox that runs without a command.
type server struct {
	*exec.Cmd
	env    map[string]string // what it prints to export
	prints string
}

func serveSandbox(t *testing.T, args ...string) *server {
	t.Helper()
	s := &server{Cmd: sandbox(t, args...), env: map[string]string{}}
	s.Stderr = os.Stderr
	stdout, err := s.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = s.Process.Kill() // it has ended unless the test failed
		_ = s.Wait()
	})
	lines := bufio.NewScanner(stdout)
	for s.env["TF_CLI_CONFIG_FILE"] == "" && lines.Scan() {
		s.prints += lines.Text() + "\n"
		if variable, ok := strings.CutPrefix(lines.Text(), "export "); ok {
			name, value, _ := strings.Cut(variable, "=")
			s.env[name] = strings.Trim(value, "'")
		}
	}
	return s
}

func (s *server) client(t *testing.T) *ramapi.Client {
	t.Helper()
	client, err := ramapi.New(ramapi.Config{
		Credentials: ramapi.Credentials{
			AccessKeyID: s.env["ALIBABA_CLOUD_ACCESS_KEY_ID"], AccessKeySecret: s.env["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
		},
		Endpoints: ramapi.Endpoints{
			RAM: s.env["ALIBABA_CLOUD_ENDPOINT_RAM"], IMS: s.env["ALIBABA_CLOUD_ENDPOINT_IMS"], STS: s.env["ALIBABA_CLOUD_ENDPOINT_STS"],
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func TestTheCommandSeesTheSandboxAndNothingOfARealAccount(t *testing.T) {
	for _, name := range []string{
		"ALIBABA_CLOUD_SECURITY_TOKEN", "ALIBABA_CLOUD_PROFILE", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALICLOUD_ACCESS_KEY",
		"ALICLOUD_SECRET_KEY", "ALICLOUD_ASSUME_ROLE_ARN", "ALICLOUD_RAM_ENDPOINT", "ALIBABACLOUD_ACCESS_KEY_ID",
		"ALIBABA_CLOUD_ALLOWED_ACCOUNT_IDS", "ALIYUN_ACCESS_KEY",
	} {
		t.Setenv(name, "real")
	}
	t.Setenv("ALIBABA_CLOUD_MAX_CONCURRENCY", "7")
	code, stdout, stderr := finish(t, sandbox(t, "--", "sh", "-c", "env; exit 3"))
	if code != 3 || stderr != "" {
		t.Errorf("exit code %d, not 3; stderr: %s", code, stderr)
	}
	got := map[string]string{}
	for line := range strings.Lines(stdout) {
		if name, value, _ := strings.Cut(strings.TrimSpace(line), "="); strings.HasPrefix(name, "ALI") {
			got[name] = value
		}
	}
	if got["ALIBABA_CLOUD_MAX_CONCURRENCY"] != "7" {
		t.Error("ALIBABA_CLOUD_MAX_CONCURRENCY, which leads nowhere, is gone")
	}
	delete(got, "ALIBABA_CLOUD_MAX_CONCURRENCY")
	for _, service := range []string{"RAM", "IMS", "STS", "RESOURCEMANAGER"} {
		if url := got["ALIBABA_CLOUD_ENDPOINT_"+service]; !strings.HasPrefix(url, "http://127.0.0.1:") {
			t.Errorf("the endpoint of %s is %q", service, url)
		}
		delete(got, "ALIBABA_CLOUD_ENDPOINT_"+service)
	}
	if !strings.HasPrefix(got["ALIBABA_CLOUD_ACCESS_KEY_ID"], "LTAI") || len(got["ALIBABA_CLOUD_ACCESS_KEY_SECRET"]) != 30 {
		t.Errorf("not an access key: %v", got)
	}
	delete(got, "ALIBABA_CLOUD_ACCESS_KEY_ID")
	delete(got, "ALIBABA_CLOUD_ACCESS_KEY_SECRET")
	if len(got) > 0 {
		t.Errorf("left in the environment: %v", got)
	}
}

func TestTheCommandGetsStandardInput(t *testing.T) {
	c := sandbox(t, "--", "cat")
	c.Stdin = strings.NewReader("yes\n")
	if code, stdout, _ := finish(t, c); code != 0 || stdout != "yes\n" {
		t.Errorf("exit code %d, %q", code, stdout)
	}
}

func TestWithoutACLIConfigurationTheProviderIsThisExecutable(t *testing.T) {
	code, stdout, stderr := finish(t, sandbox(t, "--", "sh", "-c", `
		stat -c %a "$TF_CLI_CONFIG_FILE" 2>/dev/null || stat -f %Lp "$TF_CLI_CONFIG_FILE"
		echo "$TF_CLI_CONFIG_FILE"
		cat "$TF_CLI_CONFIG_FILE"
		ls -L "$(dirname "$TF_CLI_CONFIG_FILE")"`))
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	mode, rest, _ := strings.Cut(stdout, "\n")
	path, rest, _ := strings.Cut(rest, "\n")
	if mode != "600" {
		t.Errorf("the configuration has mode %s", mode)
	}
	for _, want := range []string{
		`"registry.terraform.io/ram-provider/ram" = "` + filepath.Dir(path),
		`"registry.opentofu.org/ram-provider/ram" = "` + filepath.Dir(path),
		"direct {}",
		"\nterraform-provider-ram\n", // a link, since the test's executable has another name
	} {
		if !strings.Contains(rest, want) {
			t.Errorf("%s is missing in\n%s", want, rest)
		}
	}
	if _, err := os.Stat(filepath.Dir(path)); err == nil {
		t.Errorf("%s is left behind", filepath.Dir(path))
	}
}

func TestTheUsersCLIConfigurationStays(t *testing.T) {
	home := t.TempDir()
	own := filepath.Join(home, "own.tfrc")
	for name, c := range map[string]struct {
		file string
		env  string
		want string // value of TF_CLI_CONFIG_FILE for the command
	}{
		"named by TF_CLI_CONFIG_FILE": {own, "TF_CLI_CONFIG_FILE=" + own, own},
		".terraformrc":                {filepath.Join(home, ".terraformrc"), "TF_CLI_CONFIG_FILE=", ""},
		".tofurc":                     {filepath.Join(home, ".tofurc"), "TF_CLI_CONFIG_FILE=", ""},
		"tofurc in .config":           {filepath.Join(home, ".config", "opentofu", "tofurc"), "TF_CLI_CONFIG_FILE=", ""},
		"tofurc in XDG_CONFIG_HOME":   {filepath.Join(home, "opentofu", "tofurc"), "XDG_CONFIG_HOME=" + home, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.MkdirAll(filepath.Dir(c.file), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(c.file, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = os.Remove(c.file) })
			command := sandbox(t, "--", "sh", "-c", `echo "$TF_CLI_CONFIG_FILE"`)
			command.Env = append(command.Env, "HOME="+home, c.env)
			code, stdout, stderr := finish(t, command)
			if code != 0 || strings.TrimSpace(stdout) != c.want {
				t.Errorf("exit code %d, TF_CLI_CONFIG_FILE is %q", code, stdout)
			}
			if strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, c.file) || !strings.Contains(stderr, "dev_overrides") {
				t.Errorf("not a line on how to use the binary: %s", stderr)
			}
		})
	}
}

func TestACLIConfigurationThatDoesNotExistIsNone(t *testing.T) {
	c := sandbox(t, "--", "sh", "-c", `cat "$TF_CLI_CONFIG_FILE"`)
	c.Env = append(c.Env, "TF_CLI_CONFIG_FILE="+filepath.Join(t.TempDir(), "none"))
	if code, stdout, stderr := finish(t, c); code != 0 || !strings.Contains(stdout, "dev_overrides") || stderr != "" {
		t.Errorf("exit code %d: %s%s", code, stdout, stderr)
	}
}

func TestWrongArgumentsAreRefusedInOneLine(t *testing.T) {
	file := writeTemp(t, "broken.json", `{"Format": 1, "Users": `)
	absolute, err := filepath.Abs("a.json")
	if err != nil {
		t.Fatal(err)
	}
	notYAML := writeTemp(t, "broken.yml", "users: [")
	misspelt := writeTemp(t, "misspelt.yaml", "users:\n  - name: alice\n  - name: bob\n    policies: [ReadOnly]\n")
	faults := writeTemp(t, "faults.json", `{"Faults": [{"Action": "GetUser", "Fault": "lost"}]}`)
	for _, c := range []struct {
		args      []string
		code      int
		complaint string
	}{
		{[]string{"-listen", "0.0.0.0:0"}, 2, "loopback"},
		{[]string{"-listen", ":8080"}, 2, "everybody who reaches the machine could"},
		{[]string{"-listen", "192.0.2.1:8080"}, 2, "loopback"},
		{[]string{"-listen", "example.com:8080"}, 2, "loopback"},
		{[]string{"-listen", "127.0.0.1"}, 2, "a host and a port"},
		{[]string{"-latency", "-1s"}, 2, "50ms"},
		{[]string{"-throttle", "0/s"}, 2, "20/s"},
		{[]string{"-nonsense"}, 2, "-nonsense"},
		{[]string{"-seed-ids", "0"}, 2, "a number from 1"},
		{[]string{"-seed-ids", "x"}, 2, "a number from 1"},
		{[]string{"-dump", "account.txt"}, 2, ".yaml, .yml or .json"},
		{[]string{"-dump", "a.json", "-data", "./a.json"}, 2, "-data and -dump must be different files"},
		{[]string{"-dump", absolute, "-data", "./a.json"}, 2, "-data and -dump must be different files"},
		{[]string{"-dump", "/no/such/folder/account.yaml", "--", "true"}, 1, "-dump: stat /no/such/folder"},
		{[]string{"-latency", "1ms", "--"}, 2, "no command after --"},
		{[]string{"--", "/no/such/command"}, 1, "/no/such/command"},
		{[]string{"-seed", "/no/such/seed", "--", "true"}, 1, "/no/such/seed"},
		{[]string{"-seed", file, "--", "true"}, 1, "broken.json: reading the JSON of an account: unexpected EOF"},
		{[]string{"-seed", misspelt, "--", "true"}, 1, `misspelt.yaml: users[1].policies[0]: The policy does not exist: ReadOnly (`},
		{[]string{"-seed", notYAML, "--", "true"}, 1, "broken.yml: reading the YAML of an account: "},
		{[]string{"-data", "/no/such/folder/account.json", "--", "true"}, 1, "/no/such/folder"},
		{[]string{"-data", file, "--", "true"}, 1, "broken.json: reading the JSON"},
		{[]string{"-faults", "/no/such/faults", "--", "true"}, 1, "/no/such/faults"},
		{[]string{"-faults", file, "--", "true"}, 1, "broken.json: reading the JSON of a fault script"},
		{[]string{"-faults", faults, "--", "true"}, 1, `faults.json: in Faults[0] (GetUser): there is no fault "lost"; there are `},
	} {
		code, stdout, stderr := finish(t, sandbox(t, c.args...))
		if code != c.code || stdout != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, c.complaint) {
			t.Errorf("%v: exit code %d, want %d, and one line about %s: %s%s", c.args, code, c.code, c.complaint, stdout, stderr)
		}
	}
	if content, err := os.ReadFile(file); err != nil || string(content) != `{"Format": 1, "Users": ` {
		t.Errorf("the file that could not be read is now %s (%v)", content, err)
	}
}

func writeTemp(t *testing.T, name, content string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestHelpSaysEverythingInLinesThatFit(t *testing.T) {
	code, stdout, stderr := finish(t, sandbox(t, "-h"))
	if code != 0 || stderr != "" {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	newFlags(&options{}).VisitAll(func(f *flag.Flag) {
		if !strings.Contains(stdout, "\n  -"+f.Name+" ") {
			t.Errorf("nothing about -%s", f.Name)
		}
	})
	for _, said := range []string{"\n  -h ", "COMMAND", "lost-hang", "GET / ", "GET /events ", "GET /health ", "Exit codes:\n"} {
		if !strings.Contains(stdout, said) {
			t.Errorf("nothing about %s", said)
		}
	}
	for line := range strings.Lines(stdout) {
		if len(line) > 101 || strings.Contains(line, "\t") || strings.HasSuffix(line, " \n") {
			t.Errorf("the line does not fit: %s", line)
		}
	}
}

func TestTheTreeIsDrawnAfterTheCommandOrAtOnce(t *testing.T) {
	for _, command := range [][]string{{"--", "echo", "done"}, nil} {
		code, stdout, stderr := finish(t, sandbox(t, append([]string{"-tree"}, command...)...))
		said, tree, found := strings.Cut(stdout, "RAM account ")
		if code != 0 || !found || !strings.Contains(tree, "user sandbox-admin") || (said == "done\n") != (command != nil) {
			t.Errorf("%v: exit code %d\n%s%s", command, code, stdout, stderr)
		}
	}
}

func TestWithoutACommandItServesUntilASignal(t *testing.T) {
	t.Setenv("ALIBABA_CLOUD_PROFILE", "real")
	s := serveSandbox(t, "-listen", "localhost:0")
	if !strings.Contains(s.prints, "\nunset ALIBABA_CLOUD_PROFILE\n") {
		t.Errorf("the profile of a real account is not unset in\n%s", s.prints)
	}
	id, err := s.client(t).CallerIdentity(t.Context())
	if err != nil || !strings.HasSuffix(id.ARN, ":user/sandbox-admin") {
		t.Errorf("the printed key belongs to %+v (%v)", id, err)
	}
	resp, err := http.Get(s.env["ALIBABA_CLOUD_ENDPOINT_RAM"] + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil || !bytes.Contains(page, []byte("sandbox-admin")) || bytes.Contains(page, []byte(s.env["ALIBABA_CLOUD_ACCESS_KEY_SECRET"])) {
		t.Errorf("the page is not as it should be (%v)\n%s", err, page)
	}
	if err := s.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := s.Wait(); err != nil {
		t.Errorf("it ended with %v", err)
	}
	if _, err := os.Stat(s.env["TF_CLI_CONFIG_FILE"]); err == nil {
		t.Errorf("%s is left behind", s.env["TF_CLI_CONFIG_FILE"])
	}
}

func TestLatencyAndThrottleAreAdded(t *testing.T) {
	t.Parallel()
	s := serveSandbox(t, "-latency", "80ms", "-throttle", "1/s")
	client := s.client(t)
	start := time.Now()
	if _, err := client.DefaultDomain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); took < 80*time.Millisecond {
		t.Errorf("a call took %s", took)
	}
	if _, err := client.AccountAlias(t.Context()); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); took < time.Second {
		t.Errorf("two calls took %s", took)
	}
}

func TestFaultsHappenWhereTheFileSaysSo(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "faults.json")
	if err := os.WriteFile(file, []byte(`{"StaleReads": "3s", "Faults": [
		{"Action": "GetAccountAlias", "Call": 2, "Status": 403, "Code": "NoPermission", "Message": "Not this time."}
	]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	sandbox := serveSandbox(t, "-faults", file)
	for call := 1; call <= 3; call++ {
		_, err := sandbox.client(t).AccountAlias(t.Context()) // a client asks once
		if hit := err != nil && strings.Contains(err.Error(), "Not this time."); hit != (call == 2) || err != nil && !hit {
			t.Errorf("call %d: %v", call, err)
		}
	}

	account, err := newAccount(options{faults: file})
	if err != nil {
		t.Fatal(err)
	}
	if account.StaleReads != 3*time.Second {
		t.Errorf("reads are %v behind, not 3s", account.StaleReads)
	}
}

func TestTheExampleOfFaultsWorks(t *testing.T) {
	_, example, _ := strings.Cut(usage, "\n  {")
	example, _, _ = strings.Cut(example, "\n\n")
	script, err := ramserver.ParseFaultScript([]byte("{" + example))
	if err != nil || len(script.Faults) != 2 || script.StaleReads != 2*time.Second {
		t.Errorf("%+v (%v) of %s", script, err, example)
	}
}
