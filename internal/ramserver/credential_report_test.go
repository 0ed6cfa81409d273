package ramserver

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"time"
)

// readReport returns the lines of a page of the report.
func readReport(t *testing.T, b body) [][]string {
	t.Helper()
	content, err := base64.StdEncoding.DecodeString(b.text("Content"))
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(strings.NewReader(string(content))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func TestTheCredentialReportIsMadeStepByStepAndKeptForFourHours(t *testing.T) {
	now := time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	s := Server{Now: func() time.Time { return now }}
	c := rootClient(t, &s)
	generated := func(want, state string) {
		t.Helper()
		if got := c.ims("GenerateCredentialReport").text("State"); got != state {
			t.Errorf("the state is %s, want %s", got, state)
		}
		if want == "" {
			c.refused(404, "EntityNotExist.CredentialReport", imsVersion, "GetCredentialReport")
		} else if got := c.ims("GetCredentialReport").text("GeneratedTime"); got != want {
			t.Errorf("generated %s, want %s", got, want)
		}
	}
	c.refused(404, "EntityNotExist.CredentialReport", imsVersion, "GetCredentialReport")
	generated("", "STARTED")
	c.ram("CreateUser", "UserName=late")
	generated("", "INPROGRESS")
	generated("2026-03-01T12:00:00Z", "COMPLETED")
	now = now.Add(4*time.Hour - time.Second)
	generated("2026-03-01T12:00:00Z", "COMPLETED")
	if lines := readReport(t, c.ims("GetCredentialReport")); len(lines) != 2 {
		t.Errorf("%d lines: the user came after the report", len(lines))
	}
	now = now.Add(time.Second)
	generated("", "STARTED")
	generated("", "INPROGRESS")
	generated("2026-03-01T16:00:00Z", "COMPLETED")
	if lines := readReport(t, c.ims("GetCredentialReport")); len(lines) != 3 {
		t.Errorf("%d lines", len(lines))
	}
}

func TestTheCredentialReportTellsTheTruth(t *testing.T) {
	now := time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	s := Server{Now: func() time.Time { return now }}
	c := rootClient(t, &s)
	c.ram("SetPasswordPolicy", "MaxPasswordAge=90")
	c.ram("CreateUser", "UserName=alice")
	c.ram("CreateUser", "UserName=bob")
	now = now.Add(time.Hour)
	c.ram("CreateLoginProfile", "UserName=alice", "Password=longenough")
	bindDevice(t, &s, c, "alice")
	made := c.ram("CreateAccessKey", "UserName=alice")
	alice := testClient{t, &s, made.text("AccessKey.AccessKeyId"), made.text("AccessKey.AccessKeySecret"), ""}
	now = now.Add(time.Hour)
	alice.sts("GetCallerIdentity")
	second := c.newKey("alice")
	c.ram("UpdateAccessKey", "UserName=alice", "UserAccessKeyId="+second, "Status=Inactive")
	for range 3 {
		c.ims("GenerateCredentialReport")
	}
	lines := readReport(t, c.ims("GetCredentialReport"))
	rows := map[string]map[string]string{}
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, column := range lines[0] {
			row[column] = line[i]
		}
		rows[row["user"]] = row
	}
	const domain = "@1234567890123456.onaliyun.com"
	for user, want := range map[string]map[string]string{
		"<root>": {
			"user_last_logon": "-", "password_exist": "TRUE", "password_active": "N/A", "mfa_active": "FALSE",
			"access_key_1_exist": "TRUE", "access_key_2_exist": "FALSE", "additional_access_key_3_exist": "FALSE",
		},
		"alice" + domain: {
			"user_creation_time": "2026-03-01T12:00:00Z", "user_last_logon": "-", "password_exist": "TRUE", "password_active": "TRUE",
			"password_last_changed": "2026-03-01T13:00:00Z", "password_next_rotation": "2026-05-30T13:00:00Z", "mfa_active": "TRUE",
			"access_key_1_exist": "TRUE", "access_key_1_active": "TRUE",
			"access_key_1_last_rotated": "2026-03-01T13:00:00Z", "access_key_1_last_used": "2026-03-01T14:00:00Z",
			"access_key_2_exist": "TRUE", "access_key_2_active": "FALSE",
			"access_key_2_last_rotated": "2026-03-01T14:00:00Z", "access_key_2_last_used": "-",
		},
		"bob" + domain: {
			"password_exist": "FALSE", "password_active": "N/A", "password_last_changed": "N/A", "password_next_rotation": "N/A",
			"mfa_active": "N/A", "access_key_1_exist": "FALSE", "access_key_1_active": "N/A", "access_key_1_last_used": "N/A",
		},
	} {
		for column, value := range want {
			if got := rows[user][column]; got != value {
				t.Errorf("%s of %s is %q, want %q", column, user, got, value)
			}
		}
	}
}

func TestTheCredentialReportComesInPages(t *testing.T) {
	for _, once := range []bool{false, true} {
		s := Server{Unsure: Unsure{ReportPagesWithoutHeader: once}}
		c := rootClient(t, &s)
		for n := range 6 {
			c.ram("CreateUser", fmt.Sprintf("UserName=u%d", n))
		}
		for range 3 {
			c.ims("GenerateCredentialReport")
		}
		var users []string
		headers, token := 0, ""
		for {
			b := c.ims("GetCredentialReport", "MaxItems=3", "NextToken="+token)
			for _, line := range readReport(t, b) {
				if line[0] == "user" {
					headers++
					continue
				}
				name, _, _ := strings.Cut(line[0], "@")
				users = append(users, name)
			}
			token = b.text("NextToken")
			if truncated := b.text("IsTruncated"); truncated != fmt.Sprint(token != "") {
				t.Errorf("IsTruncated is %q with the token %q", truncated, token)
			}
			if token == "" {
				break
			}
		}
		if got := strings.Join(users, " "); got != "<root> u0 u1 u2 u3 u4 u5" {
			t.Errorf("users: %s", got)
		}
		if want := map[bool]int{false: 3, true: 1}[once]; headers != want {
			t.Errorf("%d headers, want %d", headers, want)
		}
		play(
			t, &s,
			step{"ims GetCredentialReport", "MaxItems=3502", "400 InvalidParameter.MaxItems"},
			step{"ims GetCredentialReport", "NextToken=99", "400 InvalidParameter.NextToken"},
		)
	}
}

func TestTheCredentialReportMayBeInBase32(t *testing.T) {
	s := Server{Unsure: Unsure{ReportInBase32: true}}
	c := rootClient(t, &s)
	for range 3 {
		c.ims("GenerateCredentialReport")
	}
	content, err := base32.StdEncoding.DecodeString(c.ims("GetCredentialReport").text("Content"))
	if err != nil || !strings.HasPrefix(string(content), "user,user_creation_time,") {
		t.Errorf("%v: %q", err, content)
	}
}

func TestAnAccountWithTooManyUsersGetsNoCredentialReport(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	for n := range maxReportUsers {
		s.addUser(&user{UserID: fmt.Sprint(n), UserName: fmt.Sprintf("u%d", n)})
	}
	c.ims("GenerateCredentialReport")
	c.ram("CreateUser", "UserName=onemore")
	c.refused(409, "LimitExceeded.CredentialReport", imsVersion, "GenerateCredentialReport")
}
