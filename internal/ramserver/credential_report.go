package ramserver

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/csv"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	reportLasts    = 4 * time.Hour // before another one can be made
	maxReportUsers = 3500          // an account with more gets no report
)

// The states that GenerateCredentialReport answers, in their order.
var reportStates = []string{"STARTED", "INPROGRESS", "COMPLETED"}

// credentialReport is the account's latest report. Making one takes until it has been asked for a third time.
type credentialReport struct {
	GeneratedTime time.Time `json:"GeneratedTime"`
	Step          int       `json:"Step"` // of reportStates
	Rows          []string  `json:"Rows"` // lines of CSV, the header first
}

func (c *credentialReport) isComplete() bool { return c != nil && c.Step == len(reportStates)-1 }

// generateCredentialReport begins a report, or answers how far it is. A report is kept for four hours.
func (s *Server) generateCredentialReport(request) (reply, error) {
	if len(s.state.Users) > maxReportUsers {
		return nil, limitExceeded("CredentialReport", maxReportUsers)
	}
	report := s.state.CredentialReport
	switch {
	case report == nil || s.now().Sub(report.GeneratedTime) >= reportLasts:
		report = &credentialReport{GeneratedTime: s.now(), Rows: s.reportRows()}
		s.state.CredentialReport = report
	case !report.isComplete():
		report.Step++
	}
	return reply{"State": reportStates[report.Step]}, nil
}

// getCredentialReport answers the report in pages of MaxItems users, the account root among them. Numbers and truth
// values are texts here.
func (s *Server) getCredentialReport(r request) (reply, error) {
	report := s.state.CredentialReport
	if !report.isComplete() {
		return nil, &apiError{http.StatusNotFound, "EntityNotExist.CredentialReport", "There is no credential report: generate one."}
	}
	size, err := s.pageSize(r, "MaxItems", maxReportUsers+1, maxReportUsers+1)
	if err != nil {
		return nil, err
	}
	header, rows := report.Rows[0], report.Rows[1:]
	begin := 0
	if token := r.Get("NextToken"); token != "" {
		if begin, err = strconv.Atoi(token); err != nil || begin < 0 || begin > len(rows) {
			return nil, badRequest("InvalidParameter.NextToken", "The token is not one of an earlier answer.")
		}
	}
	end := min(begin+size, len(rows))
	content := strings.Join(rows[begin:end], "")
	if begin == 0 || !s.Unsure.ReportPagesWithoutHeader {
		content = header + content
	}
	out := reply{
		"Content":       base64.StdEncoding.EncodeToString([]byte(content)),
		"GeneratedTime": timestamp(report.GeneratedTime),
		"IsTruncated":   strconv.FormatBool(end < len(rows)),
	}
	if s.Unsure.ReportInBase32 {
		out["Content"] = base32.StdEncoding.EncodeToString([]byte(content))
	}
	if end < len(rows) {
		out["NextToken"] = strconv.Itoa(end)
	}
	return out, nil
}

// What stands in a report for something that has not happened, and for something that cannot have.
const (
	reportNever         = "-"
	reportNotApplicable = "N/A"
)

// reportRows writes the report: the header, the account root, and every user.
func (s *Server) reportRows() []string {
	header := []string{
		"user", "user_creation_time", "user_last_logon", "password_exist", "password_active", "password_last_changed",
		"password_next_rotation", "mfa_active",
	}
	// Accounts older than the limit of two keys have columns for more.
	keys := []string{"access_key_1", "access_key_2"}
	for n := range max(s.quotas().AccountAccessKeys-len(keys), 0) {
		keys = append(keys, "additional_access_key_"+strconv.Itoa(n+1))
	}
	for _, key := range keys {
		header = append(header, key+"_exist", key+"_active", key+"_last_rotated", key+"_last_used")
	}
	root := []string{
		"<root>", reportNotApplicable, reportNever, reportBool(true), reportNotApplicable, reportNotApplicable,
		reportNotApplicable, reportBool(false),
	}
	rows := []string{csvLine(header), csvLine(append(root, s.reportKeys("", len(keys))...))}
	for _, u := range sorted(s, s.state.Users, userName) {
		row := []string{s.userPrincipalName(u), timestamp(u.CreateDate), reportTime(u.LastLoginDate)}
		row = append(row, s.reportPassword(u)...)
		rows = append(rows, csvLine(append(row, s.reportKeys(u.UserID, len(keys))...)))
	}
	return rows
}

// reportPassword says what there is to a user's console login.
func (s *Server) reportPassword(u *user) []string {
	p := u.LoginProfile
	if p == nil {
		return []string{reportBool(false), reportNotApplicable, reportNotApplicable, reportNotApplicable, reportNotApplicable}
	}
	rotation := reportNever
	if days := s.passwordPolicy().MaxPasswordAge; days > 0 && !p.PasswordSetDate.IsZero() {
		rotation = timestamp(p.PasswordSetDate.AddDate(0, 0, days))
	}
	return []string{
		reportBool(true), reportBool(p.Status == active), reportTime(p.PasswordSetDate), rotation, reportBool(s.deviceOf(u) != nil),
	}
}

// reportKeys says what there is to the keys of a user, or of the account root for an empty id, the oldest first.
func (s *Server) reportKeys(userID string, places int) []string {
	keys := s.accessKeys(userID)
	slices.SortStableFunc(keys, func(a, b *accessKey) int { return a.CreateDate.Compare(b.CreateDate) })
	var fields []string
	for n := range places {
		if n >= len(keys) {
			fields = append(fields, reportBool(false), reportNotApplicable, reportNotApplicable, reportNotApplicable)
			continue
		}
		k := keys[n]
		fields = append(fields, reportBool(true), reportBool(k.Status == active), timestamp(k.UpdateDate), reportTime(k.LastUsedDate))
	}
	return fields
}

func reportBool(b bool) string { return strings.ToUpper(strconv.FormatBool(b)) }

func reportTime(t time.Time) string {
	if t.IsZero() {
		return reportNever
	}
	return timestamp(t)
}

func csvLine(fields []string) string {
	var line strings.Builder
	w := csv.NewWriter(&line)
	_ = w.Write(fields) // a strings.Builder takes everything
	w.Flush()
	return line.String()
}
