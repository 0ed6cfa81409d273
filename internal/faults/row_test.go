package faults

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// maxApplies is the apply that the fault happens in and two more.
const maxApplies = 3

// row is one action and one fault, and what came of them.
type row struct {
	scenario *scenario
	strike   strike
	fault    string

	tools  *tools
	folder string
	log    strings.Builder

	ran         bool
	ended       bool // as configured
	applies     int
	imported    []string        // what the user was told to import
	named       map[string]bool // ids of the keys that the user was told of
	wrong       difference
	secretsLost []string
	complaints  []string
}

func (r *row) name() string { return r.strike.name() + "/" + r.fault }

// flaws gives what is wrong with the row, nothing for a clean one.
func (r *row) flaws() []string {
	all := slices.Clone(r.complaints)
	if !r.ended {
		all = append(all, "did not end as configured")
	}
	for what, list := range map[string][]string{"orphan": r.wrong.orphans, "duplicate": r.wrong.duplicates, "not as configured": r.wrong.other, "secret lost": r.secretsLost} {
		for _, each := range list {
			all = append(all, what+": "+each)
		}
	}
	slices.Sort(all)
	return all
}

// run runs the row. An error means that the row says nothing.
func (r *row) run() error {
	begin, err := r.scenario.prepare(r.tools, r.folder)
	if err != nil {
		return err
	}
	watch := newWatch(r.strike.action, r.fault, r.strike.conflict)
	at, err := openSite(r.tools, begin.account, answerAsAsked, func(s *ramserver.Server) {
		s.Intercept = watch.intercept
		if r.fault == staleReads || r.fault == lostStale {
			s.StaleReads = staleFor
		}
	})
	if err != nil {
		return err
	}
	defer at.close()
	if r.fault == hangs {
		at.timeout = hangFor
	}
	defer func() { r.log.WriteString(at.log.String()) }()
	w, err := at.workspace(r.folder, begin.state)
	if err != nil {
		return err
	}
	watch.site, watch.kill = at, func() error {
		p, err := w.provider()
		if err != nil {
			return err
		}
		return p.Kill()
	}
	if err := w.write(r.scenario.after); err != nil {
		return err
	}
	r.named = map[string]bool{}
	if err := r.applyUntilDone(w, watch, begin); err != nil {
		return err
	}
	if err := r.judge(w, begin); err != nil {
		return err
	}
	r.ran = true
	return nil
}

// applyUntilDone applies until the account is as configured, and does what the
// errors tell the user to do.
func (r *row) applyUntilDone(w *workspace, watch *watch, begin prepared) error {
	var unknown []string
	firstRun := 0 // how many calls it made
	for {
		output, code, err := w.apply()
		if err != nil {
			return err
		}
		if r.applies++; r.applies == 1 {
			if err = r.checkStruck(watch); err == nil {
				firstRun = len(w.server.Calls())
				unknown, err = r.unknownKeys(w, begin)
			}
		} else {
			err = r.doAsTold(w, output, code, unknown)
		}
		if err != nil {
			return err
		}
		now, err := w.account()
		if err != nil {
			return err
		}
		done := code == 0 && now.without(r.named).compare(begin.reference).none()
		if done || r.applies == maxApplies {
			break
		}
	}
	if r.fault == interrupted && watch.notSaved(w.server.Calls()[firstRun:]) {
		r.complaints = append(r.complaints, "what the interrupted call did was not saved")
	}
	if r.applies > 1 && r.mustEndAtOnce() {
		r.complaints = append(r.complaints, "the deletion was not content with what it met")
	}
	return nil
}

// mustEndAtOnce reports whether one apply has to do: a deletion waits for the
// service to notice what was removed, and takes what is gone for done.
func (r *row) mustEndAtOnce() bool {
	deletion := slices.ContainsFunc([]string{"Delete", "Remove", "Detach", "Disable", "Unbind"}, func(verb string) bool { return strings.HasPrefix(r.strike.action, verb) })
	return r.fault == conflicting || deletion && strings.HasPrefix(r.fault, "lost")
}

// checkStruck makes sure that the first run was struck as it should.
func (r *row) checkStruck(watch *watch) error {
	struck, err := watch.struck()
	if err != nil {
		return err
	}
	if !struck {
		return fmt.Errorf("the apply makes no call of %s", r.strike.action)
	}
	if r.fault == interrupted {
		for _, action := range watch.writesAfterInterrupt() {
			r.complaints = append(r.complaints, action+" began after Terraform was interrupted")
		}
	}
	return nil
}

// unknownKeys gives the keys that a killed provider made and told nobody about.
func (r *row) unknownKeys(w *workspace, begin prepared) ([]string, error) {
	if r.fault != killed {
		return nil, nil
	}
	now, err := w.account()
	if err != nil {
		return nil, err
	}
	state, err := w.state()
	var ids []string
	for _, k := range now.keys {
		if _, known := state.keySecrets()[k.id]; !known && !state.previousKeys()[k.id] && !begin.outsiders[k.id] {
			ids = append(ids, k.id)
		}
	}
	return ids, err
}

// importCommand is what an error tells the user to run, in lines that Terraform
// has broken and framed.
var (
	importCommand = regexp.MustCompile(`terraform import (ram_[a-z_]+)\.NAME ('[^']*'|\S+)`)
	frame         = regexp.MustCompile(`\s*\n[│|\s]*`)
	resourceBlock = regexp.MustCompile(`resource "(ram_[a-z_]+)" "(\w+)"`)
)

// doAsTold does what a run after a kill tells the user to do: to import what is
// there, and where a run failed for a key that nobody has the secret of, to
// delete that one.
func (r *row) doAsTold(w *workspace, output string, code int, unknown []string) error {
	if r.fault != killed {
		return nil
	}
	for _, id := range unknown {
		if !strings.Contains(output, id) || r.named[id] {
			continue
		}
		r.named[id] = true
		if code != 0 {
			if err := r.deleteKey(w, id); err != nil {
				return err
			}
		}
	}
	if code == 0 {
		return nil
	}
	for _, command := range importCommand.FindAllStringSubmatch(frame.ReplaceAllString(output, " "), -1) {
		line, resourceType := command[0], command[1]
		state, err := w.state()
		if err != nil {
			return err
		}
		for _, block := range resourceBlock.FindAllStringSubmatch(r.scenario.after, -1) {
			if block[1] != resourceType || state.holds(block[1], block[2]) {
				continue
			}
			if _, _, err := w.runCommand(strings.Replace(line, ".NAME ", "."+block[2]+" ", 1)); err != nil {
				return err
			}
			r.imported = append(r.imported, block[1]+"."+block[2])
			break
		}
	}
	return nil
}

func (r *row) deleteKey(w *workspace, id string) error {
	now, err := w.account()
	if err != nil {
		return err
	}
	client, err := w.client()
	if err != nil {
		return err
	}
	for _, k := range now.keys {
		if k.id == id {
			fmt.Fprintf(&w.site.log, "# The user deletes the key %s.\n", id)
			return client.DeleteAccessKey(context.Background(), k.user, k.id)
		}
	}
	return nil
}

// judge refreshes, plans and looks at the account.
func (r *row) judge(w *workspace, begin prepared) error {
	if r.fault == staleReads || r.fault == lostStale {
		// A refresh in a process of its own cannot know that another one has just
		// written. What counts is how it ends.
		time.Sleep(staleFor)
	}
	_, refreshed, err := w.run("apply", "-refresh-only", "-auto-approve")
	if err != nil {
		return err
	}
	_, planned, err := w.run("plan", "-detailed-exitcode")
	if err != nil {
		return err
	}
	now, err := w.account()
	if err != nil {
		return err
	}
	state, err := w.state()
	if err != nil {
		return err
	}
	now = now.without(r.named)
	r.wrong = now.compare(begin.reference)
	r.ended = refreshed == 0 && planned == 0 && len(r.wrong.other) == 0
	known, previous := state.keySecrets(), state.previousKeys()
	for _, k := range now.keys {
		if !begin.outsiders[k.id] && !previous[k.id] && known[k.id] != k.secret {
			r.secretsLost = append(r.secretsLost, fmt.Sprintf("%s of user %s", k.id, k.user))
		}
	}
	return nil
}

// notes says what the user had to do, or was told.
func (r *row) notes() string {
	var all []string
	if len(r.imported) > 0 {
		all = append(all, "imported "+strings.Join(r.imported, ", "))
	}
	if len(r.named) > 0 {
		all = append(all, "named "+strings.Join(slices.Sorted(maps.Keys(r.named)), ", "))
	}
	return strings.Join(all, "; ")
}
