package provider_test

import (
	"archive/zip"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/ram-provider/terraform-provider-ram/internal/provider"
)

// surface is a folder in which Terraform applies the whole surface of the
// provider in a sandbox, and everything that this wrote.
type surface struct {
	t         *testing.T
	folder    string
	binary    string
	terraform string
	env       []string
	screen    strings.Builder
	secrets   map[string]string // what each is
}

func newSurface(t *testing.T, env ...string) *surface {
	t.Helper()
	dir := t.TempDir()
	s := &surface{t: t, folder: dir, binary: filepath.Join(dir, "terraform-provider-ram"), secrets: map[string]string{}}
	s.terraform = cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform")
	s.env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "TF_") }),
		append(env, "TF_LOG=TRACE", "TF_LOG_PATH="+filepath.Join(dir, "trace.log"), "DEBUG=dara,tea", "CHECKPOINT_DISABLE=1")...)
	if out, err := exec.Command("go", "build", "-o", s.binary, "github.com/ram-provider/terraform-provider-ram").CombinedOutput(); err != nil {
		t.Fatalf("building the provider: %v\n%s", err, out)
	}
	return s
}

// command makes a command of Terraform's in the sandbox.
func (s *surface) command(options []string, args ...string) *exec.Cmd {
	all := append([]string{"sandbox", "-data", "account.json"}, options...)
	cmd := exec.Command(s.binary, append(append(all, "--", s.terraform), args...)...)
	cmd.Dir, cmd.Env = s.folder, s.env
	return cmd
}

func (s *surface) run(args ...string) string {
	s.t.Helper()
	out, err := s.command(nil, args...).CombinedOutput()
	if err != nil {
		s.t.Fatalf("terraform %v: %v\n%s", args, err, out[max(0, len(out)-4000):])
	}
	return string(out)
}

// use puts these files of testdata/surface into the folder, and no others.
func (s *surface) use(names ...string) {
	s.t.Helper()
	old, _ := filepath.Glob(filepath.Join(s.folder, "*.tf"))
	for _, name := range old {
		_ = os.Remove(name)
	}
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join("testdata", "surface", name))
		if err == nil {
			err = os.WriteFile(filepath.Join(s.folder, name), text, 0o600)
		}
		if err != nil {
			s.t.Fatal(err)
		}
	}
}

func (s *surface) read(name string) string {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.folder, name))
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}

// handedOut notes all secrets that the account holds, which are those that the
// server has handed out so far.
func (s *surface) handedOut() {
	s.t.Helper()
	account := s.read("account.json")
	for _, suffix := range []string{"Secret", "Token", "Seed"} {
		for _, secret := range textsCalled(s.t, account, suffix) {
			s.secrets[secret] = suffix
		}
	}
}

// count gives how many secrets of that kind are known.
func (s *surface) count(kind string) (n int) {
	for _, what := range s.secrets {
		if what == kind {
			n++
		}
	}
	return n
}

// spellings are the forms in which a secret can be written.
func spellings(secret string) []string {
	quoted, _ := json.Marshal(secret)
	all := []string{secret, url.QueryEscape(secret), url.PathEscape(secret), strings.Trim(string(quoted), `"`), base64.StdEncoding.EncodeToString([]byte(secret)), base64.StdEncoding.EncodeToString(quoted)}
	slices.Sort(all)
	return slices.Compact(all)
}

// has gives which secret a text has, and where; empty for none.
func (s *surface) has(text string) (what, where string) {
	for secret, what := range s.secrets {
		for _, spelling := range spellings(secret) {
			if at := strings.Index(text, spelling); at >= 0 {
				return what, "…" + text[max(0, at-300):at]
			}
		}
	}
	return "", ""
}

// expectNone fails the test where the text has a secret.
func (s *surface) expectNone(name, text string) {
	s.t.Helper()
	if what, where := s.has(text); what != "" {
		s.t.Errorf("a secret (%s) is in the %s: %s", what, name, where)
	}
}

// expectOnlyStated fails the test where a JSON document of Terraform's, a state
// or a plan, has a secret anywhere but in an attribute whose page says so.
func (s *surface) expectOnlyStated(name, text string, stated map[string]bool) {
	s.t.Helper()
	var document any
	if err := json.Unmarshal([]byte(text), &document); err != nil {
		s.t.Fatalf("%s: %v", name, err)
	}
	var walk func(v any, typeName, attribute string)
	walk = func(v any, typeName, attribute string) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				walk(e, typeName, attribute)
			}
		case map[string]any:
			if of, isText := v["type"].(string); isText && strings.HasPrefix(of, "ram_") {
				typeName, attribute = of, ""
			}
			for key, e := range v {
				if private, isText := e.(string); isText && key == "private" {
					s.expectNone("private state in the "+name, opened(private))
					continue
				}
				switch key {
				case "values", "before", "after", "attributes", "change", "instances", "resources":
					walk(e, typeName, attribute)
				default:
					walk(e, typeName, cmp.Or(attribute, key))
				}
			}
		case string:
			if what, _ := s.has(v); what != "" && !stated[typeName+"."+attribute] {
				s.t.Errorf("a secret (%s) is in the %s, as %s.%s, whose page does not say so", what, name, cmp.Or(typeName, "?"), attribute)
			}
		}
	}
	if plan, isObject := document.(map[string]any); isObject {
		delete(plan, "variables") // what somebody gave Terraform, which keeps it in every plan
	}
	walk(document, "", "")
}

// opened gives private state as text: base64 of an object whose values are base64
// of JSON.
func opened(private string) string {
	text, _ := base64.StdEncoding.DecodeString(private)
	values := map[string][]byte{}
	_ = json.Unmarshal(text, &values) // that of Terraform itself has other values
	all := string(text)
	for _, value := range values {
		all += "\n" + string(value)
	}
	return all
}

// generated notes the passwords that the state has generated ones of.
func (s *surface) generated() {
	s.t.Helper()
	for _, secret := range textsCalled(s.t, s.read("terraform.tfstate"), "generated_password") {
		s.secrets[secret] = "generated_password"
	}
}

// expectPlanFile looks at the parts of a saved plan.
func (s *surface) expectPlanFile(name string, stated map[string]bool) {
	s.t.Helper()
	plan, err := zip.OpenReader(filepath.Join(s.folder, name))
	if err != nil {
		s.t.Fatal(err)
	}
	defer plan.Close()
	for _, part := range plan.File {
		file, err := part.Open()
		if err != nil {
			s.t.Fatal(err)
		}
		text, err := io.ReadAll(file)
		_ = file.Close()
		if err != nil {
			s.t.Fatal(err)
		}
		if strings.HasPrefix(part.Name, "tfstate") {
			s.expectOnlyStated(name+"/"+part.Name, string(text), stated)
		} else {
			s.expectNone(name+"/"+part.Name, string(text))
		}
	}
}

// crash applies with a slow service and has the provider dump all that its
// goroutines do, as a Go program does that crashes.
func (s *surface) crash() string {
	s.t.Helper()
	var out strings.Builder
	cmd := s.command([]string{"-latency", "600ms"}, "apply", "-auto-approve", "-no-color", "-var=turn=2")
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	killed := false
	for deadline := time.Now().Add(time.Minute); !killed && time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		log, _ := os.ReadFile(filepath.Join(s.folder, "trace.log"))
		if !strings.Contains(string(log), "action=CreateUser") { // the next is a key of that user
			continue
		}
		for _, pid := range processesOf(s.binary) {
			killed = syscall.Kill(pid, syscall.SIGQUIT) == nil || killed
		}
	}
	if err := cmd.Wait(); err == nil || !killed {
		s.t.Fatalf("the provider did not crash (%t): %v\n%s", killed, err, out.String())
	}
	return out.String()
}

// processesOf gives the providers that run from the program, leaving out its
// sandboxes.
func processesOf(program string) (pids []int) {
	found, _ := filepath.Glob("/proc/[0-9]*/exe")
	for _, link := range found {
		command, _ := os.ReadFile(filepath.Join(filepath.Dir(link), "cmdline"))
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(link)))
		if target, err := os.Readlink(link); err == nil && target == program && !strings.Contains(string(command), "sandbox") {
			pids = append(pids, pid)
		}
	}
	return pids
}

// statedInState gives the attributes whose page says that they keep a secret in
// the state in plain text.
func statedInState(t *testing.T) map[string]bool {
	t.Helper()
	server, err := providerserver.NewProtocol6WithError(provider.New("test"))()
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	stated := map[string]bool{}
	for typeName, schema := range schemas.ResourceSchemas {
		for _, a := range schema.Block.Attributes {
			if strings.Contains(a.Description, "in the state in plain text") {
				stated[typeName+"."+a.Name] = true
				if !a.Sensitive {
					t.Errorf("%s.%s is not sensitive, so Terraform prints it", typeName, a.Name)
				}
			}
		}
	}
	return stated
}

// textsCalled gives the texts of a JSON document whose names end in that way.
func textsCalled(t *testing.T, document, suffix string) (texts []string) {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(document), &v); err != nil {
		t.Fatal(err)
	}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			for name, e := range v {
				if text, isText := e.(string); isText && text != "" && strings.HasSuffix(name, suffix) {
					texts = append(texts, text)
				} else {
					walk(e)
				}
			}
		}
	}
	walk(v)
	return texts
}

// Everything that an apply of the whole surface writes is searched for every
// secret that there was.
func TestAccSecrets_areOnlyWhereTheirPageSaysSo(t *testing.T) {
	if os.Getenv("TF_ACC") == "" || os.Getenv("RAM_ACC_REAL") == "1" {
		t.Skip("runs terraform against a sandbox of its own: set TF_ACC, and not RAM_ACC_REAL")
	}
	if runtime.GOOS != "linux" {
		t.Skip("finds the provider's process in /proc")
	}
	t.Parallel()
	const writeOnly, plain = "Wr1te-0nly+pass/word=A", "Pl4in-but+sens/itive=B"
	s := newSurface(t, "TF_VAR_write_only="+writeOnly, "TF_VAR_plain="+plain)
	stated := statedInState(t)
	s.secrets[writeOnly] = "write-only password"

	s.use("main.tf")
	s.screen.WriteString(s.run("plan", "-out=plan.bin", "-no-color"))
	s.expectPlanFile("plan.bin", stated)
	s.screen.WriteString(s.run("apply", "-no-color", "plan.bin"))
	s.handedOut()
	s.generated()
	s.secrets[plain] = "password"
	// With the role in place the provider works as it; the keys turn, and passwords are made anew.
	s.use("main.tf", "turned.tf")
	s.screen.WriteString(s.run("plan", "-out=turn.bin", "-no-color", "-var=turn=2"))
	s.screen.WriteString(s.run("apply", "-no-color", "turn.bin"))
	s.screen.WriteString(s.run("plan", "-destroy", "-no-color", "-var=turn=2"))
	s.handedOut()
	if s.count("Secret") < 3 || s.count("Token") < 1 || s.count("Seed") < 2 {
		t.Fatalf("found %d keys, %d tokens and %d seeds to look for, which is too few", s.count("Secret"), s.count("Token"), s.count("Seed"))
	}
	state := s.read("terraform.tfstate")
	s.generated()
	if s.count("generated_password") != 2 {
		t.Errorf("%d passwords were generated, want one and another", s.count("generated_password"))
	}
	s.expectOnlyStated("state", state, stated)
	s.expectOnlyStated("earlier state", s.read("terraform.tfstate.backup"), stated)
	for _, name := range []string{"plan.bin", "turn.bin"} {
		s.expectOnlyStated("output of show -json "+name, s.run("show", "-json", name), stated)
	}
	s.expectOnlyStated("output of show -json", s.run("show", "-json"), stated)

	before := s.read("trace.log")
	if err := os.Truncate(filepath.Join(s.folder, "trace.log"), 0); err != nil {
		t.Fatal(err)
	}
	s.use("main.tf", "turned.tf", "crash.tf")
	crashed := s.crash()
	s.handedOut()
	if !strings.Contains(crashed+s.read("trace.log"), "goroutine ") {
		t.Error("the output of the crash has no goroutines, so it proves nothing")
	}
	s.expectNone("output of the crash", crashed)
	logs := before + s.read("trace.log")
	for _, action := range []string{"CreateLoginProfile", "AssumeRole", "CreateVirtualMFADevice", "BindMFADevice", "CreateAccessKey"} {
		if !strings.Contains(logs, "action="+action) {
			t.Errorf("the logs do not show %s, which carries secrets, so they prove nothing", action)
		}
	}
	s.expectNone("logs", logs)
	s.expectNone("output", s.screen.String())
}
