package ramserver

import (
	"context"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestNamedFaultsRefuseACallOrLoseItsAnswer(t *testing.T) {
	tests := map[string]struct {
		created bool // whether the action was carried out
		status  int  // 0: no whole answer came
		body    string
	}{
		"throttled-400":   {false, 400, `"Code":"Throttling.User"`},
		"throttled-429":   {false, 429, `"Code":"Throttling.User"`},
		"unavailable-503": {false, 503, `"Code":"ServiceUnavailable"`},
		"bad-gateway-502": {false, 502, "<html>"},
		"empty-500":       {false, 500, ""},
		"lost-dropped":    {true, 0, ""},
		"lost-cut":        {true, 0, ""},
		"lost-hang":       {true, 0, ""},
		"lost-500":        {true, 500, ""},
	}
	if names := FaultNames(); len(names) != len(tests) {
		t.Errorf("%v are %d faults, tested are %d", names, len(names), len(tests))
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			script := FaultScript{Faults: []ScriptedFault{{Action: "CreateUser", Fault: name}}}
			s := Server{Intercept: script.Intercept}
			srv := httptest.NewServer(&s)
			defer srv.Close()
			c := rootClient(t, &s)

			ctx := t.Context()
			if name == "lost-hang" {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, time.Second) // in which the server has carried it out
				defer cancel()
			}
			status, text := answerOf(c.over(srv, "CreateUser", "UserName=alice").WithContext(ctx))
			if status != tt.status || !strings.Contains(text, tt.body) || tt.body == "" && text != "" {
				t.Errorf("got %d %q", status, text)
			}
			if hung := ctx.Err() != nil; hung != (name == "lost-hang") {
				t.Errorf("it hung: %v", hung)
			}
			code, _ := c.do(ramVersion, "GetUser", "UserName=alice")
			if created := code == http.StatusOK; created != tt.created {
				t.Errorf("created: %v", created)
			}
		})
	}
}

func TestACutAnswerIsHalfThere(t *testing.T) {
	script := FaultScript{Faults: []ScriptedFault{{Action: "ListUsers", Fault: "lost-cut"}}}
	s := Server{Intercept: script.Intercept}
	hr := requestV3(ramVersion, "ListUsers", nil, time.Now())
	c := rootClient(t, &s)
	signV3(hr, c.id, c.secret)
	w := httptest.NewRecorder()
	func() {
		defer func() { _ = recover() }() // http.ErrAbortHandler
		s.ServeHTTP(w, hr)
	}()
	if text := w.Body.String(); w.Code != 200 || !strings.HasPrefix(text, `{"`) || strings.HasSuffix(text, "}\n") {
		t.Errorf("got %d %q", w.Code, text)
	}
}

func TestAHangEndsAfterTenMinutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		script := FaultScript{Faults: []ScriptedFault{{Action: "ListUsers", Fault: "lost-hang"}}}
		s := Server{Intercept: script.Intercept}
		hr := requestV3(ramVersion, "ListUsers", nil, time.Now())
		c := rootClient(t, &s)
		signV3(hr, c.id, c.secret)
		began := time.Now()
		defer func() {
			if ended := recover(); ended != http.ErrAbortHandler || time.Since(began) != 10*time.Minute {
				t.Errorf("%v after %v", ended, time.Since(began))
			}
		}()
		s.ServeHTTP(httptest.NewRecorder(), hr)
	})
}

func TestAScriptedFaultHitsTheCallsThatItIsFor(t *testing.T) {
	script, err := ParseFaultScript([]byte(`{"Faults": [
		{"Action": "GetUser", "Fault": "throttled-429"},
		{"Action": "GetUser", "Call": 3, "Times": 2, "Fault": "unavailable-503"},
		{"Action": "GetGroup", "Call": 2, "Status": 409, "Code": "DeleteConflict.Group.User", "Message": "Not yet."},
		{"Action": "GetRole", "Denied": {"Policies": [{"Effect": "Deny", "PolicyIdentifier": "guard"}]}}
	]}`))
	if err != nil {
		t.Fatal(err)
	}
	s := Server{Intercept: script.Intercept}
	c := rootClient(t, &s)
	c.id = "unknown"
	c.refused(404, "InvalidAccessKeyId.NotFound", ramVersion, "GetUser", "UserName=x") // does not count
	const upn = "UserPrincipalName=x@1234567890123456.onaliyun.com"
	play(
		t, &s,
		step{"GetUser", "UserName=x", "429 Throttling.User"},
		step{"ims GetUser", upn, "404 EntityNotExist.User"},
		step{"ims GetUser", upn, "503 ServiceUnavailable"},
		step{"GetGroup", "GroupName=x", "404 EntityNotExist.Group"},
		step{"GetUser", "UserName=x", "503 ServiceUnavailable"},
		step{"GetUser", "UserName=x", "404 EntityNotExist.User"},
		step{"GetGroup", "GroupName=x", "409 DeleteConflict.Group.User"},
		step{"GetGroup", "GroupName=x", "404 EntityNotExist.Group"},
		step{"GetRole", "RoleName=x", "403 NoPermission"},
		step{"GetRole", "RoleName=x", "404 EntityNotExist.Role"},
	)
}

func TestAScriptCountsCallsThatComeAtOnce(t *testing.T) {
	script := FaultScript{Faults: []ScriptedFault{{Action: "GetUser", Call: 50, Times: 20, Fault: "empty-500"}}}
	var mu sync.Mutex
	var calls sync.WaitGroup
	hit := 0
	for range 100 {
		calls.Go(func() {
			if script.Intercept(Call{Action: "GetUser"}) != nil {
				mu.Lock()
				defer mu.Unlock()
				hit++
			}
		})
	}
	calls.Wait()
	if hit != 20 {
		t.Errorf("%d calls were hit", hit)
	}
}

func TestAFaultScriptIsReadFromJSON(t *testing.T) {
	got, err := ParseFaultScript([]byte(`{"StaleReads": "1m30s", "Faults": [
		{"Action": "CreateUser", "Call": 2, "Times": 3, "Fault": "lost-cut"},
		{"Action": "DeleteGroup", "Status": 409, "Code": "DeleteConflict.Group.User", "Message": "Not yet."}
	]}`))
	if err != nil {
		t.Fatal(err)
	}
	want := &FaultScript{StaleReads: 90 * time.Second, Faults: []ScriptedFault{
		{Action: "CreateUser", Call: 2, Times: 3, Fault: "lost-cut"},
		{Action: "DeleteGroup", Status: 409, Code: "DeleteConflict.Group.User", Message: "Not yet."},
	}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
	if empty, err := ParseFaultScript([]byte(`{}`)); err != nil || empty.Intercept(Call{Action: "GetUser"}) != nil {
		t.Errorf("an empty script is not one without faults: %v", err)
	}
}

func TestMistakesInAFaultScriptAreRefused(t *testing.T) {
	const good = `{"Action": "GetUser", "Fault": "empty-500"}`
	for name, c := range map[string]struct{ script, complaint string }{
		"empty":                 {``, "reading the JSON of a fault script"},
		"cut short":             {`{"Faults": [`, "unexpected EOF"},
		"more behind it":        {`{} {}`, "something follows"},
		"unknown key":           {`{"Fautls": []}`, `"Fautls"`},
		"stale for a number":    {`{"StaleReads": 2}`, `StaleReads must be a text such as "2s", not 2`},
		"stale for no time":     {`{"StaleReads": "2"}`, `StaleReads must be a text such as "2s", not "2"`},
		"stale for less":        {`{"StaleReads": "-2s"}`, "StaleReads must not be negative"},
		"unknown key inside":    {`{"Faults": [` + good + `, {"Action": "CreateUser", "Tmes": 2}]}`, `Faults[1] (CreateUser): json: unknown field "Tmes"`},
		"text for a number":     {`{"Faults": [{"Action": "CreateUser", "Call": "2"}]}`, "Faults[0] (CreateUser): json: cannot unmarshal string"},
		"no action":             {`{"Faults": [null]}`, `Faults[0]: there is no action ""`},
		"unknown action":        {`{"Faults": [{"Action": "CreateUsr", "Fault": "empty-500"}]}`, `Faults[0] (CreateUsr): there is no action "CreateUsr"; there are AddClientIdToOIDCProvider, `},
		"unknown fault":         {`{"Faults": [{"Action": "GetUser", "Fault": "lost"}]}`, `Faults[0] (GetUser): there is no fault "lost"; there are throttled-400, `},
		"nothing goes wrong":    {`{"Faults": [{"Action": "GetUser"}]}`, "needs a Fault, a Denied, or a Status"},
		"a status of success":   {`{"Faults": [{"Action": "GetUser", "Status": 200, "Code": "OK"}]}`, "Status of 400 to 599"},
		"no code":               {`{"Faults": [{"Action": "GetUser", "Status": 409, "Message": "No."}]}`, "and a Code"},
		"a fault and a status":  {`{"Faults": [{"Action": "GetUser", "Fault": "empty-500", "Status": 500}]}`, "does not go with"},
		"a denial and a status": {`{"Faults": [{"Action": "GetUser", "Denied": {}, "Status": 500}]}`, "does not go with"},
		"call before the first": {
			`{"Faults": [{"Action": "GetUser", "Fault": "empty-500", "Call": -1}]}`, "neither Call nor Times may be negative",
		},
		"negative times":       {`{"Faults": [{"Action": "GetUser", "Fault": "empty-500", "Times": -1}]}`, "may be negative"},
		"twice for one call":   {`{"Faults": [` + good + `, ` + good + `]}`, "Faults[1] (GetUser): it is for a call that Faults[0] is for"},
		"overlap with a later": {`{"Faults": [{"Action": "GetUser", "Call": 2, "Fault": "empty-500"}, {"Action": "GetUser", "Times": 2, "Fault": "lost-cut"}]}`, "give each its own Call"},
		"overlap with an earlier": {
			`{"Faults": [{"Action": "GetUser", "Times": 2, "Fault": "lost-cut"}, {"Action": "GetUser", "Call": 2, "Fault": "empty-500"}]}`,
			"give each its own Call",
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseFaultScript([]byte(c.script))
			if err == nil || !strings.Contains(err.Error(), c.complaint) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want one line about %s", err, c.complaint)
			}
		})
	}
}

func TestAMistakeInAScriptOfTheGoAPIShowsAtTheFirstCall(t *testing.T) {
	script := FaultScript{Faults: []ScriptedFault{{Action: "GetUser", Call: 9, Fault: "lost"}}}
	s := Server{Intercept: script.Intercept}
	play(
		t, &s,
		step{"ListUsers", "", "400 InvalidFaultScript"},
		step{"ListGroups", "", "400 InvalidFaultScript"},
	)
}
