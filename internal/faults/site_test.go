package faults

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// site is an account that is served to Terraform, and the log of what
// Terraform said of it.
type site struct {
	tools            *tools
	server           *ramserver.Server
	listener         *httptest.Server
	url              string
	keyID, keySecret string // of a RAM user who may do everything, as in the sandbox
	timeout          int    // how many seconds the provider waits for an answer
	log              strings.Builder

	mu      sync.Mutex
	running *os.Process     // the command that works on it now
	secrets map[string]bool // that the log must not show
}

// openSite serves an account, an empty one where saved is nil. Functions may set
// up the server first.
func openSite(tl *tools, saved []byte, setUp ...func(*ramserver.Server)) (*site, error) {
	s := &site{tools: tl, server: &ramserver.Server{}, timeout: patientFor, secrets: map[string]bool{}}
	if saved != nil {
		if err := s.server.Load(saved); err != nil {
			return nil, err
		}
	}
	s.keyID, s.keySecret = s.server.Administrator(administrator)
	for _, f := range setUp {
		f(s.server)
	}
	s.listener = httptest.NewServer(s.server)
	s.url = s.listener.URL
	return s, nil
}

// answerAsAsked has the server give its other answers where RAM's are not
// certain, if that is what the environment asks for.
func answerAsAsked(s *ramserver.Server) {
	if os.Getenv("RAM_ACC_UNSURE") == "1" {
		s.Unsure = ramserver.AllUnsure()
	}
}

func (s *site) close() { s.listener.Close() }

// account is what there is now.
func (s *site) account() (account, error) {
	saved, err := s.server.Save()
	if err != nil {
		return account{}, err
	}
	return parseAccount(saved)
}

// client is for what people do to the account without Terraform.
func (s *site) client() (*ramapi.Client, error) {
	return ramapi.New(ramapi.Config{
		Credentials: ramapi.Credentials{AccessKeyID: s.keyID, AccessKeySecret: s.keySecret},
		Endpoints:   ramapi.Endpoints{RAM: s.url, IMS: s.url, STS: s.url, ResourceManager: s.url},
	})
}

func (s *site) setRunning(p *os.Process) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running = p
}

// interrupt is Ctrl-C.
func (s *site) interrupt() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running == nil {
		return errors.New("no command is running")
	}
	return s.running.Signal(os.Interrupt)
}

// logCalls notes the calls that were answered, or not, after the first ones.
func (s *site) logCalls(after int) {
	var made []string
	for _, c := range s.server.Calls()[after:] {
		switch {
		case c.HTTPStatus == 0:
			made = append(made, c.Action+" (no answer)")
		case c.HTTPStatus != http.StatusOK:
			made = append(made, fmt.Sprintf("%s (%d %s)", c.Action, c.HTTPStatus, c.Code))
		default:
			made = append(made, c.Action)
		}
	}
	fmt.Fprintf(&s.log, "# calls: %s\n\n", strings.Join(made, ", "))
}

// redact takes the secrets of all keys that the account has or had after an
// earlier command out of a text.
func (s *site) redact(text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now, err := s.account(); err == nil {
		for _, k := range now.keys {
			s.secrets[k.secret] = true
		}
	}
	for secret := range s.secrets {
		text = strings.ReplaceAll(text, secret, "(secret)")
	}
	return text
}
