package ramserver

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestEveryAnswerIsJSONWithARequestID(t *testing.T) {
	var s Server
	uuid := regexp.MustCompile(`^[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[0-9A-F]{4}-[0-9A-F]{12}$`)
	for name, hr := range map[string]*http.Request{
		"unknown action": requestV3(ramVersion, "Nothing", nil, time.Now()),
		"other version":  requestV3("2014-01-01", "GetUser", nil, time.Now()),
		"no action":      httptest.NewRequest(http.MethodPost, "/", nil),
		"other path":     httptest.NewRequest(http.MethodGet, "/users?Action=GetUser&Version=2015-05-01", nil),
		"other method":   httptest.NewRequest(http.MethodPut, "/", nil),
		"unsigned":       httptest.NewRequest(http.MethodGet, "/?Action=GetUser&Version=2015-05-01", nil),
		"bad query":      httptest.NewRequest(http.MethodPost, "/?a=%zz", nil),
		"long query":     httptest.NewRequest(http.MethodGet, "/?Action="+strings.Repeat("x", 5000), nil),
		"twice":          httptest.NewRequest(http.MethodPost, "/?Action=GetUser&Action=DeleteUser", nil),
		"JSON body":      httptest.NewRequest(http.MethodPost, "/", strings.NewReader("{}")),
	} {
		status, b := send(t, &s, hr)
		if status < 400 || status > 404 || !uuid.MatchString(b.text("RequestId")) || b.text("Code") == "" ||
			b.text("Message") == "" || b.text("HostId") == "" || b.text("Recommend") == "" {
			t.Errorf("%s: %d %v", name, status, b)
		}
	}
}

func TestGETWithoutActionAndSignatureIsForPeople(t *testing.T) {
	var s Server
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost/", nil))
	if w.Code != 200 || strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") {
		t.Errorf("%d %s", w.Code, w.Header())
	}
}

func TestCallsRecordWhatWasAskedWithoutSecrets(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	c.ram("CreateUser", "UserName=alice")
	c.ram("CreateLoginProfile", "UserName=alice", "Password=longenough", "MFABindRequired=true")
	c.refused(409, "EntityAlreadyExists.User", ramVersion, "CreateUser", "UserName=alice")
	calls := s.Calls()
	if len(calls) != 3 {
		t.Fatalf("%d calls", len(calls))
	}
	if call := calls[1]; call.Action != "CreateLoginProfile" || call.Version != ramVersion || call.AccessKeyID != c.id ||
		call.HTTPStatus != 200 || call.Code != "" || !reflect.DeepEqual(call.Params, url.Values{"UserName": {"alice"}, "MFABindRequired": {"true"}}) {
		t.Errorf("call: %+v", call)
	}
	if call := calls[2]; call.HTTPStatus != 409 || call.Code != "EntityAlreadyExists.User" {
		t.Errorf("refused call: %+v", call)
	}
}

func TestThrottleRefillsWithTime(t *testing.T) {
	for too, status := range map[bool]int{false: 400, true: 429} {
		synctest.Test(t, func(t *testing.T) {
			s := Server{Throttle: 2, Unsure: Unsure{ThrottlingAs429: too}}
			c := rootClient(t, &s)
			c.ram("ListUsers")
			c.ram("ListUsers")
			c.refused(status, "Throttling.User", ramVersion, "ListUsers")
			time.Sleep(500 * time.Millisecond)
			c.ram("ListUsers")
			c.refused(status, "Throttling.User", ramVersion, "ListUsers")
		})
	}
}

func TestLatencyDelaysEveryCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := Server{Latency: 50 * time.Millisecond}
		began := time.Now()
		rootClient(t, &s).ram("ListUsers")
		if d := time.Since(began); d != 50*time.Millisecond {
			t.Errorf("the call took %v", d)
		}
	})
}

func TestNewThingsMayAppearLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := Server{Unsure: Unsure{LateVisibility: true}}
		play(
			t, &s,
			step{"CreateUser", "UserName=x", "200"},
			step{"CreateGroup", "GroupName=x", "200"},
			step{"CreateRole", "RoleName=x&" + trustDoc, "200"},
			step{"CreatePolicy", "PolicyName=x&" + policyDoc, "200"},
			step{"CreateUser", "UserName=x", "409 EntityAlreadyExists.User"},
			step{"GetUser", "UserName=x", "404 EntityNotExist.User"},
			step{"GetGroup", "GroupName=x", "404 EntityNotExist.Group"},
			step{"GetRole", "RoleName=x", "404 EntityNotExist.Role"},
			step{"GetPolicy", "PolicyName=x&PolicyType=Custom", "404 EntityNotExist.Policy"},
		)
		time.Sleep(visibilityLag)
		play(
			t, &s,
			step{"GetUser", "UserName=x", "200"},
			step{"GetGroup", "GroupName=x", "200"},
			step{"GetRole", "RoleName=x", "200"},
			step{"GetPolicy", "PolicyName=x&PolicyType=Custom", "200"},
			step{"CreateLoginProfile", "UserName=x&Password=longenough", "200"},
			step{"GetLoginProfile", "UserName=x", "404 EntityNotExist.User.LoginProfile"},
		)
	})
}

func TestFaultsReplaceDropOrCutAnAnswer(t *testing.T) {
	tests := map[string]struct {
		fault   Fault
		created bool // whether the action was carried out
		status  int  // 0: no answer came
		body    string
	}{
		"throttled":       {Fault{Status: 429, Code: "Throttling.User"}, false, 429, `"Code":"Throttling.User"`},
		"bad gateway":     {Fault{Status: 502, Body: "<html>", ContentType: "text/html"}, false, 502, "<html>"},
		"empty 500":       {Fault{Status: 500}, false, 500, ""},
		"dropped before":  {Fault{Drop: true}, false, 0, ""},
		"dropped after":   {Fault{Drop: true, After: true}, true, 0, ""},
		"replaced after":  {Fault{Status: 503, Code: "ServiceUnavailable", After: true}, true, 503, "ServiceUnavailable"},
		"cut":             {Fault{Cut: true}, true, 0, ""},
		"cut after":       {Fault{Cut: true, After: true}, true, 0, ""},
		"delayed":         {Fault{Delay: time.Millisecond}, true, 200, "alice"},
		"delayed after":   {Fault{Delay: time.Millisecond, After: true}, true, 200, "alice"},
		"delayed and cut": {Fault{Delay: time.Millisecond, Cut: true}, true, 0, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := Server{Intercept: func(c Call) *Fault {
				if c.Action == "CreateUser" && c.Params.Get("UserName") == "alice" {
					return &tt.fault
				}
				return nil
			}}
			srv := httptest.NewServer(&s)
			defer srv.Close()
			c := rootClient(t, &s)
			status, text := answerOf(c.over(srv, "CreateUser", "UserName=alice"))
			if status != tt.status || !strings.Contains(text, tt.body) {
				t.Errorf("got %d %q", status, text)
			}
			_, b := c.do(ramVersion, "GetUser", "UserName=alice")
			if created := b.text("Code") == ""; created != tt.created {
				t.Errorf("created: %v", created)
			}
		})
	}
}

// over is a signed RAM call that goes over the network.
func (c *testClient) over(srv *httptest.Server, action string, pairs ...string) *http.Request {
	hr := requestV3(ramVersion, action, params(pairs...), c.s.now())
	hr.RequestURI, hr.URL.Host = "", strings.TrimPrefix(srv.URL, "http://")
	hr.Host = hr.URL.Host
	signV3(hr, c.id, c.secret)
	return hr
}

// answerOf sends a request over the network; without a whole answer the status is 0.
func answerOf(hr *http.Request) (int, string) {
	resp, err := http.DefaultClient.Do(hr)
	if err != nil {
		return 0, ""
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return 0, ""
	}
	return resp.StatusCode, string(text)
}

func TestAllUnsureTurnsEverySwitch(t *testing.T) {
	v := reflect.ValueOf(AllUnsure())
	for i := range v.NumField() {
		if !v.Field(i).Bool() {
			t.Errorf("%s is not set", v.Type().Field(i).Name)
		}
	}
}

func TestUnsureSwitchesTurnAnswersRound(t *testing.T) {
	tests := map[string]struct {
		unsure Unsure
		step   step
	}{
		"unknown action":     {Unsure{UnknownActionAsAPI: true}, step{"Nothing", "", "404 InvalidApi.NotFound"}},
		"missing, general":   {Unsure{MissingAsGeneric: true, MissingAsLength: true}, step{"GetUser", "", "400 MissingParameter"}},
		"missing, as length": {Unsure{MissingAsLength: true}, step{"GetUser", "", "400 InvalidParameter.UserName.Length"}},
		"no profile":         {Unsure{NarrowEntityCodes: true}, step{"GetLoginProfile", "UserName=alice", "404 EntityNotExist.LoginProfile"}},
		"no policy":          {Unsure{NarrowEntityCodes: true}, step{"GetPolicy", "PolicyName=p&PolicyType=Custom", "404 EntityNotExist.CustomPolicy"}},
		"no system policy":   {Unsure{NarrowEntityCodes: true}, step{"GetPolicy", "PolicyName=p&PolicyType=System", "404 EntityNotExist.Policy"}},
		"bytes":              {Unsure{LengthsInBytes: true}, step{"CreateUser", "UserName=b&Comments=" + strings.Repeat("%C3%A9", 65), "400 InvalidParameter.Comments.Length"}},
		"case":               {Unsure{CaseSensitiveNames: true}, step{"CreateUser", "UserName=ALICE", "200"}},
		"clamped":            {Unsure{MaxItemsClamped: true}, step{"ListUsers", "MaxItems=5000", "200"}},
		"narrow names":       {Unsure{NarrowDisplayNames: true}, step{"CreateUser", "UserName=b&DisplayName=a+b", "400 InvalidParameter.DisplayName.InvalidChars"}},
		"Han names":          {Unsure{NarrowDisplayNames: true}, step{"CreateUser", "UserName=b&DisplayName=%E4%B8%AD", "200"}},
		"short names":        {Unsure{ShortDisplayNames: true}, step{"ims UpdateUser", "UserPrincipalName=alice@1234567890123456.onaliyun.com&NewDisplayName=" + strings.Repeat("x", 25), "400 InvalidParameter.NewDisplayName.Length"}},
		"no MFA":             {Unsure{NoMFAInfoIsEmpty: true}, step{"GetUserMFAInfo", "UserName=alice", "200"}},
		"reserved policy":    {Unsure{SystemPolicyNamesReserved: true}, step{"CreatePolicy", "PolicyName=readonlyaccess&" + policyDoc, "409 EntityAlreadyExists.Policy"}},
		"reserved tags":      {Unsure{ReservedTagsAllowed: true}, step{"CreatePolicy", `PolicyName=p&Tag=[{"Key":"acs:x"}]&` + policyDoc, "200"}},
		"untag":              {Unsure{UntagMissingRefused: true}, step{"UntagResources", `ResourceType=policy&ResourceNames=["q"]&TagKeys=["z"]`, "404 EntityNotExist.Tag"}},
		"untag all":          {Unsure{UntagAllAlways: true, UntagMissingRefused: true}, step{"UntagResources", `ResourceType=policy&ResourceNames=["q"]&TagKeys=["z"]&All=true`, "200"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := Server{Unsure: tt.unsure}
			play(t, &s, step{"CreateUser", "UserName=alice", "200"}, step{"CreatePolicy", "PolicyName=q&" + policyDoc, "200"}, tt.step)
		})
	}
}

func TestUnsureSwitchesChangeWhatIsShown(t *testing.T) {
	s := Server{Unsure: Unsure{
		DisplayNameDefaults: true, UnboundDeviceHasEmptyUser: true, NeverUsedIsNA: true, VersionListWithoutDocuments: true,
	}}
	c := rootClient(t, &s)
	if got := c.ram("CreateUser", "UserName=alice").text("User.DisplayName"); got != "alice" {
		t.Errorf("display name: %q", got)
	}
	c.ram("CreateVirtualMFADevice", "VirtualMFADeviceName=d")
	if b := c.ram("ListVirtualMFADevices"); b.at("VirtualMFADevices.VirtualMFADevice.0.ActivateDate") != "" {
		t.Errorf("unbound device: %v", b)
	}
	key := c.ram("CreateAccessKey", "UserName=alice").text("AccessKey.AccessKeyId")
	if b := c.ram("GetAccessKeyLastUsed", "UserName=alice", "UserAccessKeyId="+key); b.text("AccessKeyLastUsed.LastUsedDate") != "N/A" {
		t.Errorf("last use: %v", b)
	}
	c.ram("CreatePolicy", "PolicyName=p", "PolicyDocument="+identityDocument)
	if b := c.ram("ListPolicyVersions", "PolicyName=p", "PolicyType=Custom"); b.at("PolicyVersions.PolicyVersion.0.PolicyDocument") != nil {
		t.Errorf("versions: %v", b)
	}
}
