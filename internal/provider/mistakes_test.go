package provider_test

import (
	"flag"
	"fmt"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/ram-provider/terraform-provider-ram/internal/provider"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

var update = flag.Bool("update", false, "write testdata/mistakes.md anew")

const (
	keyIDVariable     = "ALIBABA_CLOUD_ACCESS_KEY_ID"
	keySecretVariable = "ALIBABA_CLOUD_ACCESS_KEY_SECRET"
	tokenVariable     = "ALIBABA_CLOUD_SECURITY_TOKEN"
)

// mistake is something that people get wrong.
type mistake struct {
	name, title string
	// has is what the account has that Terraform does not know of, applied what
	// Terraform has applied before.
	has, applied, config string

	when  string // in words, what setUp does
	setUp func(*stage)

	real bool // it is shown to Terraform too
}

// stage is where a mistake is made: an account, and the environment of Terraform.
type stage struct {
	t      *testing.T
	server *ramserver.Server
	url    string
	env    map[string]string
	ahead  time.Duration              // by how much the account's clock is
	faults map[string]ramserver.Fault // of every call, by action
}

const mistakesIntro = `# What mistakes look like

This page is written by TestMistakes: what each configuration shows, word for word, as Terraform prints it where it writes to no terminal.
Unless something else is said, the provider has the key of a RAM user with AdministratorAccess from the environment. The configuration is
that of main.tf, which may be empty. What differs each time is in <angle brackets>.
`

// masks hide what differs each time.
var masks = []struct {
	pattern *regexp.Regexp
	mask    string
}{
	{regexp.MustCompile(`[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}`), "<request id>"},
	{regexp.MustCompile(`(LTAI[0-9A-Z]{20}|STS\.[0-9A-Z]{25})\b`), "<access key id>"},
	{regexp.MustCompile(`127\.0\.0\.1:[0-9]{2,}`), "127.0.0.1:<port>"},
	{regexp.MustCompile(`\b[0-9]{18}\b`), "<id>"},
	{regexp.MustCompile(`\b[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z`), "<time>"},
}

func mask(shown string) string {
	for _, m := range masks {
		shown = m.pattern.ReplaceAllString(shown, m.mask)
	}
	return shown
}

// What testdata/mistakes.md has is what a person sees, word for word. After a
// change of a text: go test ./internal/provider -run TestMistakes -update
func TestMistakes(t *testing.T) {
	// The sources of credentials look at the process's own environment.
	t.Setenv("HOME", t.TempDir())
	t.Setenv("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")
	const file = "testdata/mistakes.md"
	expected, err := os.ReadFile(file)
	if err != nil && !*update {
		t.Fatal(err)
	}
	page, n, run := mistakesIntro, 0, 0
	for _, section := range mistakes {
		page += "\n## " + section.about + "\n"
		for _, m := range section.made {
			n++
			t.Run(m.name, func(t *testing.T) {
				run++
				entry := fmt.Sprintf("\n### %s\n%s", m.title, m.make(t))
				if page += entry; !*update && !strings.Contains(string(expected), entry) {
					t.Errorf("%s has another text than this; see whether it is better, and run the test with -update:\n%s", file, entry)
				}
			})
		}
	}
	switch {
	case run < n || t.Failed(): // only some of them, or they have said it
	case *update:
		err = os.WriteFile(file, []byte(page), 0o600)
	case page != string(expected):
		t.Errorf("%s is not what the table makes it; run the test with -update", file)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// smallTerraform prints what Terraform does.
func TestAccMistakes_areShownAsTerraformShowsThem(t *testing.T) {
	t.Parallel()
	if os.Getenv("RAM_ACC_REAL") == "1" {
		t.Skip("this test needs a private server")
	}
	for _, section := range mistakes {
		for _, m := range section.made {
			if !m.real {
				continue
			}
			t.Run(m.name, func(t *testing.T) {
				t.Parallel()
				s := newStage(t)
				s.has(m)
				shown, _ := s.terraform().apply(formatted(m.config))
				resource.Test(t, resource.TestCase{
					ProtoV6ProviderFactories: map[string]func() (tfprotov6.ProviderServer, error){
						"ram": providerserver.NewProtocol6WithError(provider.NewWithEnv("test", s.getenv)),
					},
					Steps: []resource.TestStep{{Config: m.config, ExpectError: shownAnywhere(shown)}},
				})
			})
		}
	}
}

// shownAnywhere matches what smallTerraform prints, whatever the file and its
// lines, and the provider's host, are called.
func shownAnywhere(shown string) *regexp.Regexp {
	pattern := regexp.QuoteMeta(mask(shown))
	for _, r := range []struct{ from, to string }{
		{`<[a-z ]+>`, `\S+`},
		{`on main\\.tf line [0-9]+`, `on \S+ line [0-9]+`},
		{`(?m)^ *[0-9]+: `, ` *[0-9]+: `},
		{`registry\\.terraform\\.io/ram-provider/ram`, `\S+/ram`},
	} {
		pattern = regexp.MustCompile(r.from).ReplaceAllLiteralString(pattern, r.to)
	}
	return regexp.MustCompile(pattern)
}

// make makes the mistake, and tells how it went.
func (m mistake) make(t *testing.T) string {
	t.Helper()
	s := newStage(t)
	told := s.has(m)
	tf := s.terraform()
	if m.applied != "" {
		if shown, _ := tf.apply(m.applied); tf.failed {
			t.Fatal(shown)
		}
		told += "\nApplied before:\n" + fenced("terraform", formatted(m.applied))
	}
	if m.when != "" {
		told += "\n" + m.when + "\n"
	}
	if m.setUp != nil {
		m.setUp(s)
	}
	config := formatted(m.config)
	shown, phase := tf.apply(config)
	for _, secret := range []string{s.env[keySecretVariable], s.env[tokenVariable], password, ageKey} {
		// A line of the configuration is Terraform's to show.
		if said := strings.ReplaceAll(shown, fmt.Sprintf("[%q]", secret), ""); secret != "" && strings.Contains(said, secret) {
			t.Errorf("a secret is shown:\n%s", shown)
		}
	}
	if config != "" {
		told += fenced("terraform", config)
	}
	return told + "\n`terraform " + phase + "` shows:\n" + fenced("text", mask(shown))
}

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{t: t, server: &ramserver.Server{TakenAliases: []string{"acme"}}, env: map[string]string{}}
	s.server.Now = func() time.Time { return time.Now().Add(s.ahead) }
	s.server.Intercept = func(c ramserver.Call) *ramserver.Fault {
		if f, found := s.faults[c.Action]; found {
			return &f
		}
		return nil
	}
	listener := httptest.NewServer(s.server)
	t.Cleanup(listener.Close)
	s.url = listener.URL
	for _, service := range []string{"RAM", "IMS", "STS", "RESOURCEMANAGER"} {
		s.env["ALIBABA_CLOUD_ENDPOINT_"+service] = s.url
	}
	s.env[keyIDVariable], s.env[keySecretVariable] = s.server.Administrator("operator")
	return s
}

func (s *stage) getenv(name string) string { return s.env[name] }

func (s *stage) terraform() *smallTerraform { return &smallTerraform{t: s.t, getenv: s.getenv} }

// has makes what the account has, and tells it.
func (s *stage) has(m mistake) string {
	s.t.Helper()
	if m.has == "" {
		return ""
	}
	outside := s.terraform()
	if shown, _ := outside.apply(m.has); outside.failed {
		s.t.Fatal(shown)
	}
	return "\nThe account has:\n" + fenced("terraform", formatted(m.has))
}

func (s *stage) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// client gives what somebody else works on the account with.
func (s *stage) client() *ramapi.Client {
	s.t.Helper()
	id, secret := s.server.RootAccessKey()
	client, err := ramapi.New(ramapi.Config{
		Credentials: ramapi.Credentials{AccessKeyID: id, AccessKeySecret: secret},
		Endpoints:   ramapi.Endpoints{RAM: s.url, IMS: s.url, STS: s.url, ResourceManager: s.url},
	})
	s.must(err)
	return client
}

// formatted gives a configuration as terraform fmt writes it.
func formatted(config string) string {
	return string(hclwrite.Format([]byte(strings.TrimSpace(config))))
}

func fenced(language, text string) string {
	return "\n```" + language + "\n" + strings.Trim(text, "\n") + "\n```\n"
}
