package ramserver

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// maxHang ends a call whose client never gives up.
const maxHang = 10 * time.Minute

// namedFaults are the faults that have a name: first those that refuse the call, then those that carry it out and lose
// the answer.
var namedFaults = []struct {
	name  string
	fault Fault
}{
	{"throttled-400", Fault{Status: http.StatusBadRequest, Code: throttlingCode, Message: throttlingMessage}},
	{"throttled-429", Fault{Status: http.StatusTooManyRequests, Code: throttlingCode, Message: throttlingMessage}},
	{"unavailable-503", Fault{
		Status: http.StatusServiceUnavailable, Code: "ServiceUnavailable",
		Message: "The request has failed due to a temporary failure of the server.",
	}},
	{"bad-gateway-502", Fault{
		Status: http.StatusBadGateway, ContentType: "text/html",
		Body: "<html>\n<head><title>502 Bad Gateway</title></head>\n<body><h1>502 Bad Gateway</h1></body>\n</html>\n",
	}},
	{"empty-500", Fault{Status: http.StatusInternalServerError}},

	{"lost-dropped", Fault{After: true, Drop: true}},
	{"lost-cut", Fault{After: true, Cut: true}},
	{"lost-hang", Fault{After: true, Delay: maxHang, Drop: true}}, // a delay ends when the client has gone
	{"lost-500", Fault{After: true, Status: http.StatusInternalServerError}},
}

// FaultNames returns the names that [NamedFault] knows. Those that begin with lost- carry the action out and lose its
// answer; the others refuse the call.
func FaultNames() []string {
	var names []string
	for _, named := range namedFaults {
		names = append(names, named.name)
	}
	return names
}

// NamedFault returns the fault of a name, and whether there is one.
func NamedFault(name string) (Fault, bool) {
	for _, named := range namedFaults {
		if named.name == name {
			return named.fault, true
		}
	}
	return Fault{}, false
}

// ScriptedFault is what goes wrong with one or several calls of an action. Its fields are also its keys in JSON.
type ScriptedFault struct {
	Action string // such as CreateUser
	Call   int    // which call of the action, counted from 1; 0 means 1
	Times  int    // how many calls in a row from there on; 0 means 1
	Fault  string // one of FaultNames; or else

	Status  int // the HTTP status, 400 to 599, of an error answer that refuses the call, with its
	Code    string
	Message string // or else

	Denied *Denial // why the caller may not make the call
}

func (f ScriptedFault) first() int {
	return cmp.Or(f.Call, 1)
}

func (f ScriptedFault) hits(call int) bool {
	return call >= f.first() && call-f.first() < cmp.Or(f.Times, 1)
}

func (f ScriptedFault) fault() Fault {
	if named, ok := NamedFault(f.Fault); ok {
		return named
	}
	return Fault{Status: f.Status, Code: f.Code, Message: f.Message, Denied: f.Denied}
}

// FaultScript is what goes wrong with an account, written down beforehand:
//
//	{
//	  "StaleReads": "2s",
//	  "Faults": [
//	    {"Action": "CreateUser", "Fault": "lost-dropped"},
//	    {"Action": "GetUser", "Call": 3, "Times": 2, "Fault": "throttled-429"},
//	    {"Action": "DeleteGroup", "Status": 409, "Code": "DeleteConflict.Group.User", "Message": "Not yet."},
//	    {"Action": "CreateRole", "Denied": {"Resource": "acs:ram:*:1234567890123456:role/*"}}
//	  ]
//	}
//
// It must not change once the first call has arrived.
type FaultScript struct {
	// StaleReads is for [Server.StaleReads]; in JSON it is a text such as "2s".
	StaleReads time.Duration
	Faults     []ScriptedFault

	mu      sync.Mutex
	calls   map[string]int // so far, by action; nil before the first
	mistake error          // what check says
}

// ParseFaultScript reads a script from JSON. It refuses what it does not know, since a fault that is misspelt would
// only never happen.
func ParseFaultScript(text []byte) (*FaultScript, error) {
	var written struct {
		StaleReads jsonDuration
		Faults     []json.RawMessage
	}
	if err := decodeStrictly(text, &written); err != nil {
		return nil, fmt.Errorf("reading the JSON of a fault script: %w", err)
	}
	f := &FaultScript{StaleReads: time.Duration(written.StaleReads)}
	for i, text := range written.Faults {
		var scripted ScriptedFault
		// Decoded one by one, because an error of the whole list does not say which fault it is about.
		if err := decodeStrictly(text, &scripted); err != nil {
			return nil, scripted.mistake(i, err)
		}
		f.Faults = append(f.Faults, scripted)
	}
	if err := f.check(); err != nil {
		return nil, err
	}
	return f, nil
}

// jsonDuration is a time.Duration that is a text in JSON.
type jsonDuration time.Duration

// UnmarshalJSON reads a text such as "2s".
func (d *jsonDuration) UnmarshalJSON(text []byte) error {
	var written string
	err := json.Unmarshal(text, &written)
	if err == nil {
		var parsed time.Duration
		parsed, err = time.ParseDuration(written)
		*d = jsonDuration(parsed)
	}
	if err != nil {
		return fmt.Errorf(`StaleReads must be a text such as "2s", not %s`, text)
	}
	return nil
}

// mistake says which fault of the script an error is about.
func (f ScriptedFault) mistake(index int, err error) error {
	if f.Action == "" {
		return fmt.Errorf("in Faults[%d]: %w", index, err)
	}
	return fmt.Errorf("in Faults[%d] (%s): %w", index, f.Action, err)
}

// check returns the first mistake in the script.
func (f *FaultScript) check() error {
	if f.StaleReads < 0 {
		return errors.New("StaleReads must not be negative")
	}
	for i, scripted := range f.Faults {
		if err := scripted.check(); err != nil {
			return scripted.mistake(i, err)
		}
		for earlier, other := range f.Faults[:i] {
			// Most likely both lack Call and were meant for one call after the other.
			if other.Action == scripted.Action && (other.hits(scripted.first()) || scripted.hits(other.first())) {
				return scripted.mistake(i, fmt.Errorf("it is for a call that Faults[%d] is for: give each its own Call", earlier))
			}
		}
	}
	return nil
}

func (f ScriptedFault) check() error {
	if known := actionNames(); !slices.Contains(known, f.Action) {
		return fmt.Errorf("there is no action %q; there are %s", f.Action, strings.Join(known, ", "))
	}
	if f.Call < 0 || f.Times < 0 {
		return errors.New("neither Call nor Times may be negative")
	}
	if f.Denied != nil {
		if f.Fault != "" || f.Status != 0 || f.Code != "" || f.Message != "" {
			return errors.New("it has a Denied, which does not go with Fault, Status, Code and Message")
		}
		return nil
	}
	if f.Fault == "" {
		if f.Status < 400 || f.Status > 599 || f.Code == "" {
			return errors.New("it needs a Fault, a Denied, or a Status of 400 to 599 and a Code")
		}
		return nil
	}
	if f.Status != 0 || f.Code != "" || f.Message != "" {
		return errors.New("it has a Fault, which does not go with Status, Code and Message")
	}
	if _, ok := NamedFault(f.Fault); !ok {
		return fmt.Errorf("there is no fault %q; there are %s", f.Fault, strings.Join(FaultNames(), ", "))
	}
	return nil
}

// actionNames returns the name of every action once, whatever API it belongs to.
func actionNames() []string {
	names := map[string]bool{}
	for key := range actions {
		names[key.name] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// Intercept is for [Server.Intercept]. It counts the calls of each action, those of RAM and IMS together, and returns
// the fault that the script has for this one. Calls that fail before they are intercepted, such as unsigned ones, do
// not count. A script with a mistake refuses every call and says why, with the code InvalidFaultScript.
func (f *FaultScript) Intercept(c Call) *Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.calls == nil {
		f.calls, f.mistake = map[string]int{}, f.check()
	}
	if f.mistake != nil {
		return &Fault{Status: http.StatusBadRequest, Code: "InvalidFaultScript", Message: f.mistake.Error()}
	}
	f.calls[c.Action]++
	for _, scripted := range f.Faults {
		if scripted.Action == c.Action && scripted.hits(f.calls[c.Action]) {
			fault := scripted.fault()
			return &fault
		}
	}
	return nil
}
