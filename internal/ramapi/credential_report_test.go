package ramapi

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

func TestCredentialReportHasEverybodyHoweverItsPagesLook(t *testing.T) {
	users := map[string]any{}
	for n := range 2100 { // two pages are full
		users[fmt.Sprint(200000000000000000+n)] = map[string]any{"UserName": fmt.Sprintf("user%04d", n)}
	}
	saved, err := json.Marshal(map[string]any{"Format": 1, "Users": users})
	if err != nil {
		t.Fatal(err)
	}
	for name, unsure := range map[string]ramserver.Unsure{
		"each with the names of columns":      {},
		"only the first of which names them":  {ReportPagesWithoutHeader: true},
		"in base32":                           {ReportInBase32: true},
		"in base32, without names of columns": {ReportInBase32: true, ReportPagesWithoutHeader: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &ramserver.Server{Unsure: unsure}
				if err := s.Load(saved); err != nil {
					t.Fatal(err)
				}
				report, err := newTestClient(t, s).CredentialReport(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				seen := map[string]bool{}
				for _, u := range report.Users {
					seen[u.Name] = true
					if u.PasswordExists == nil {
						t.Fatalf("the line of %s was not understood: %+v", u.Name, u)
					}
				}
				if len(report.Users) != 2101 || len(seen) != 2101 || !seen["<root>"] {
					t.Errorf("%d lines about %d", len(report.Users), len(seen))
				}
				if n := count(s, "GetCredentialReport"); n != 3 {
					t.Errorf("%d pages", n)
				}
			})
		})
	}
}

// reporting answers with a report of these pages, each of which names the next.
func reporting(pages ...string) func(ramserver.Call) *ramserver.Fault {
	return func(c ramserver.Call) *ramserver.Fault {
		answer := map[string]string{}
		switch c.Action {
		case "GenerateCredentialReport":
			answer["State"] = "COMPLETED"
		case "GetCredentialReport":
			n := len(c.Params.Get("NextToken"))
			answer["Content"] = base64.StdEncoding.EncodeToString([]byte(pages[n]))
			answer["GeneratedTime"] = "2026-03-01T12:00:00Z"
			answer["IsTruncated"] = fmt.Sprint(n < len(pages)-1)
			answer["NextToken"] = strings.Repeat("x", n+1) // also after the last
		default:
			return nil
		}
		body, _ := json.Marshal(answer)
		return &ramserver.Fault{Status: http.StatusOK, ContentType: "application/json", Body: string(body)}
	}
}

func TestCredentialReportIsReadByTheNamesOfItsColumns(t *testing.T) {
	yes, no := true, false
	s := &ramserver.Server{Intercept: reporting(
		"\ufeffmfa_active,moon_phase,user,access_key_2_exist,access_key_2_active,additional_access_key_1_exist,access_key_1_exist,access_key_1_last_used,user_last_logon\r\n"+
			"n/a,full,<root>,FALSE,N/A,FALSE,FALSE,N/A,-\r\n",
		"true,new,alice@example.onaliyun.com,True,FALSE,TRUE,false,,2026-02-01T00:00:00Z\n",
		"user,password_exist\nbob@example.onaliyun.com\n", // a line that is cut short
	)}
	got, err := newTestClient(t, s).CredentialReport(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := CredentialReport{GeneratedTime: "2026-03-01T12:00:00Z", Users: []ReportedUser{
		{Name: "<root>"},
		{Name: "alice@example.onaliyun.com", LastLoginDate: "2026-02-01T00:00:00Z", MFAActive: &yes, AccessKeys: []ReportedKey{{Active: &no}, {}}},
		{Name: "bob@example.onaliyun.com"},
	}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestCredentialReportThatCannotBeReadIsAnError(t *testing.T) {
	for name, tt := range map[string]struct{ content, complaint string }{
		"no columns": {base64.StdEncoding.EncodeToString([]byte("<root>,TRUE\n")), "does not name its columns"},
		"not base64": {"!", "illegal base64"},
		"not CSV":    {base64.StdEncoding.EncodeToString([]byte("user,\"x\n")), "parse error"},
	} {
		t.Run(name, func(t *testing.T) {
			s := &ramserver.Server{Intercept: func(c ramserver.Call) *ramserver.Fault {
				if c.Action != "GetCredentialReport" {
					return reporting()(c)
				}
				return &ramserver.Fault{Status: http.StatusOK, ContentType: "application/json", Body: fmt.Sprintf(`{"Content":%q}`, tt.content)}
			}}
			_, err := newTestClient(t, s).CredentialReport(t.Context())
			if err == nil || !strings.Contains(err.Error(), "reading the credential report") || !strings.Contains(err.Error(), tt.complaint) {
				t.Errorf("got %v, want something about %s", err, tt.complaint)
			}
		})
	}
}

func TestCredentialReportIsWaitedForAndNotForEver(t *testing.T) {
	for _, ready := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			s := &ramserver.Server{Intercept: func(c ramserver.Call) *ramserver.Fault {
				switch {
				case c.Action == "GenerateCredentialReport" && (!ready || time.Since(began) < 4*time.Minute):
					return &ramserver.Fault{Status: http.StatusOK, ContentType: "application/json", Body: `{"State":"INPROGRESS"}`}
				case ready:
					return reporting("user\n<root>\n")(c)
				}
				return nil
			}}
			_, err := newTestClient(t, s).CredentialReport(t.Context())
			took := time.Since(began)
			if ready && (err != nil || took > 4*time.Minute+15*time.Second) {
				t.Errorf("after %v: %v", took, err)
			}
			if !ready && (err == nil || !strings.Contains(err.Error(), "waited for 5 minutes at most, and is not ready (state INPROGRESS)") || took != 5*time.Minute) {
				t.Errorf("after %v: %v", took, err)
			}
			if n := count(s, "GenerateCredentialReport"); n > 100 {
				t.Errorf("it was asked for %d times", n)
			}
		})
	}
}
