package faults

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// scenario is a change of a configuration, and the actions of it that faults
// strike. What it begins with, and what it should end with, are made once.
type scenario struct {
	before  []string // configurations that are applied beforehand, one after the other
	outside string   // what another configuration makes in the account, with a state of its own
	mfaOf   string   // a user who has bound an MFA device
	after   string   // the configuration whose apply is struck; empty destroys everything
	strikes []strike

	once     sync.Once
	made     prepared
	prepping error
}

// strike is one action of the scenario's change.
type strike struct {
	action   string
	note     string // tells it from other strikes of the action
	conflict string // code of a deletion that is refused for what the same apply has just removed; empty: none is
	thorough bool   // tried with every fault, however short the run
}

func (s strike) name() string {
	if s.note == "" {
		return s.action
	}
	return s.action + " (" + s.note + ")"
}

// prepared is what the rows of a scenario begin with.
type prepared struct {
	account   []byte // as the server saves it
	state     []byte // of Terraform; nil where there is none
	reference account
	outsiders map[string]bool // ids of the keys that Terraform does not manage
}

// prepare gives what the scenario begins with. The folder is one of the caller's.
func (s *scenario) prepare(tl *tools, folder string) (prepared, error) {
	s.once.Do(func() {
		s.made, s.prepping = s.begin(tl, folder)
		if s.prepping == nil {
			s.made.reference, s.prepping = s.end(tl, folder)
		}
		if s.prepping != nil {
			s.prepping = fmt.Errorf("preparing, without a fault: %w", s.prepping)
		}
	})
	return s.made, s.prepping
}

// age is how old the account is that rows begin with. RAM refuses requests that
// are a quarter of an hour away from its clock.
const age = 10 * time.Minute

// begin makes the account that rows begin with.
func (s *scenario) begin(tl *tools, folder string) (prepared, error) {
	var p prepared
	at, err := openSite(tl, nil, func(s *ramserver.Server) {
		// What rows begin with is not new to them: RAM shows it everywhere, and no key
		// of another run can be taken for one that a row has just made.
		s.Now = func() time.Time { return time.Now().Add(-age) }
	})
	if err != nil {
		return p, err
	}
	defer at.close()
	if s.outside != "" {
		if _, err := applyAll(at, folder, s.outside); err != nil {
			return p, err
		}
	}
	w, err := applyAll(at, folder, s.before...)
	if err != nil {
		return p, err
	}
	if len(s.before) > 0 {
		if p.state, err = os.ReadFile(w.stateFile()); err != nil {
			return p, err
		}
	}
	if p.account, err = at.server.Save(); err != nil {
		return p, err
	}
	if s.mfaOf != "" {
		if p.account, err = withMFADevice(p.account, s.mfaOf); err != nil {
			return p, err
		}
	}
	now, err := parseAccount(p.account)
	if err != nil {
		return p, err
	}
	state, err := w.state()
	if err != nil {
		return p, err
	}
	ours, previous := state.keySecrets(), state.previousKeys()
	p.outsiders = map[string]bool{}
	for _, k := range now.keys {
		if _, managed := ours[k.id]; !managed && !previous[k.id] {
			p.outsiders[k.id] = true
		}
	}
	return p, nil
}

// end gives the account that rows should end with: what comes of the change
// when nothing goes wrong.
func (s *scenario) end(tl *tools, folder string) (account, error) {
	at, err := openSite(tl, s.made.account, answerAsAsked)
	if err != nil {
		return account{}, err
	}
	defer at.close()
	w, err := at.workspace(folder, s.made.state)
	if err != nil {
		return account{}, err
	}
	if err := w.mustApply(s.after); err != nil {
		return account{}, err
	}
	return at.account()
}

// applyAll applies the configurations one after the other, with one state.
func applyAll(at *site, folder string, configs ...string) (*workspace, error) {
	w, err := at.workspace(folder, nil)
	for _, config := range configs {
		if err == nil {
			err = w.mustApply(config)
		}
	}
	return w, err
}

// workspace makes a new folder within the given one, with a state.
func (s *site) workspace(within string, state []byte) (*workspace, error) {
	folder, err := os.MkdirTemp(within, "workspace-")
	if err != nil {
		return nil, err
	}
	w := &workspace{site: s, folder: folder}
	if state != nil {
		err = os.WriteFile(w.stateFile(), state, 0o600)
	}
	return w, err
}

// mustApply applies a configuration that nothing is in the way of.
func (w *workspace) mustApply(config string) error {
	if err := w.write(config); err != nil {
		return err
	}
	output, code, err := w.apply()
	if err == nil && code != 0 {
		err = errors.New("terraform apply failed:\n" + output)
	}
	return err
}

// withMFADevice adds a virtual device that is bound to the user. Binding one
// takes codes that only the device knows, so it goes into the saved account.
func withMFADevice(saved []byte, userName string) ([]byte, error) {
	var all map[string]any
	var in savedAccount
	if err := errors.Join(json.Unmarshal(saved, &all), json.Unmarshal(saved, &in)); err != nil {
		return nil, err
	}
	for id, u := range in.Users {
		if u.UserName == userName {
			all["MFADevices"] = map[string]any{
				fmt.Sprintf("acs:ram::%v:mfa/%s", all["AccountId"], userName): map[string]any{
					"UserId": id, "Base32StringSeed": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "ActivateDate": "2026-01-01T00:00:00Z",
				},
			}
		}
	}
	return json.Marshal(all)
}
