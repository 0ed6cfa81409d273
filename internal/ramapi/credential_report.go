package ramapi

import (
	"context"
	"encoding/base32"
	"encoding/base64"
	"encoding/csv"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	ims "github.com/alibabacloud-go/ims-20190815/v4/client"
	"github.com/alibabacloud-go/tea/tea"
)

// CredentialReport is what RAM knows of everybody's credentials at one time.
type CredentialReport struct {
	GeneratedTime string
	Users         []ReportedUser // the account root among them
}

// ReportedUser is a line of the report. Dates are RAM's texts. What is empty or
// nil does not apply, has never happened, or is not in the report.
type ReportedUser struct {
	Name               string // <root>, or a user principal name
	CreateDate         string
	LastLoginDate      string
	PasswordExists     *bool
	PasswordActive     *bool
	PasswordChangeDate string // when the password was last changed
	PasswordExpiryDate string // when it must be changed
	MFAActive          *bool
	AccessKeys         []ReportedKey
}

// ReportedKey is an access key in the report, which does not tell its ID.
type ReportedKey struct {
	Active       *bool
	ChangeDate   string // when it was made or last changed
	LastUsedDate string
}

// reportWait is how long a report may take. An account has at most 3,500 users in it.
const reportWait = 5 * time.Minute

// reportPage is how many lines are asked for at once; RAM allows 3,501.
const reportPage = "1000"

// CredentialReport gives the account's report, which it has RAM make if the last
// one is more than four hours old.
func (c *Client) CredentialReport(ctx context.Context) (CredentialReport, error) {
	if err := c.awaitCredentialReport(ctx); err != nil {
		return CredentialReport{}, err
	}
	var report CredentialReport
	var header []string
	lines := pages(func(token *string) ([][]string, *string, error) {
		out, err := c.credentialReportPage(ctx, token)
		if err != nil {
			return nil, nil, err
		}
		report.GeneratedTime = tea.StringValue(out.GeneratedTime)
		lines, err := reportLines(tea.StringValue(out.Content))
		if err != nil {
			return nil, nil, fmt.Errorf("reading the credential report: %w", err)
		}
		// It is a text here.
		if tea.StringValue(out.IsTruncated) != "true" {
			return lines, nil, nil
		}
		return lines, out.NextToken, nil
	})
	for line, err := range lines {
		switch {
		case err != nil:
			return CredentialReport{}, err
		case slices.Contains(line, "user"): // where users have a domain behind their name
			header = line
		case header == nil:
			return CredentialReport{}, errors.New("reading the credential report: it does not name its columns")
		default:
			report.Users = append(report.Users, reportedUser(header, line))
		}
	}
	return report, nil
}

// awaitCredentialReport has RAM make a report, and asks until it is there.
func (c *Client) awaitCredentialReport(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, reportWait)
	defer cancel()
	state := "unknown"
	for attempt := 0; ; attempt++ {
		out, err := do(ctx, c, call{action: "GenerateCredentialReport"}, func(ctx context.Context) (*ims.GenerateCredentialReportResponse, error) {
			return callRPC[ims.GenerateCredentialReportResponse](ctx, c, &c.ims().Client, imsVersion, "GenerateCredentialReport", "AK", nil)
		})
		if err == nil {
			if state = tea.StringValue(out.Body.State); state == "COMPLETED" {
				return nil
			}
			err = pause(ctx, attempt)
		}
		if ctx.Err() != nil {
			return &Error{Action: "GenerateCredentialReport", cause: ctx.Err(), Message: fmt.Sprintf(
				"the report was waited for %.f minutes at most, and is not ready (state %s). RAM goes on making it; try again later", reportWait.Minutes(), state)}
		}
		if err != nil {
			return err
		}
	}
}

func (c *Client) credentialReportPage(ctx context.Context, token *string) (*ims.GetCredentialReportResponseBody, error) {
	return do(ctx, c, call{action: "GetCredentialReport"}, func(ctx context.Context) (*ims.GetCredentialReportResponseBody, error) {
		out, err := c.ims().GetCredentialReportWithContext(ctx, &ims.GetCredentialReportRequest{MaxItems: tea.String(reportPage), NextToken: token}, c.runtime)
		if err != nil {
			return nil, err
		}
		return out.Body, nil
	})
}

// reportLines reads a page of the report: CSV in base64, as its documentation
// says, or in base32, as the example there is.
func reportLines(content string) ([][]string, error) {
	text, err := base64.StdEncoding.DecodeString(content)
	if other, notBase32 := base32.StdEncoding.DecodeString(content); notBase32 == nil && (err != nil || !utf8.Valid(text)) {
		text, err = other, nil
	}
	if err != nil {
		return nil, err
	}
	lines := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(text), "\ufeff")))
	lines.FieldsPerRecord = -1 // what is missing is not in the report
	return lines.ReadAll()
}

func reportedUser(header, line []string) ReportedUser {
	columns := map[string]string{}
	for i, column := range header {
		if i < len(line) {
			columns[column] = applicable(line[i])
		}
	}
	u := ReportedUser{
		Name:               columns["user"],
		CreateDate:         columns["user_creation_time"],
		LastLoginDate:      columns["user_last_logon"],
		PasswordExists:     reportedBool(columns["password_exist"]),
		PasswordActive:     reportedBool(columns["password_active"]),
		PasswordChangeDate: columns["password_last_changed"],
		PasswordExpiryDate: columns["password_next_rotation"],
		MFAActive:          reportedBool(columns["mfa_active"]),
	}
	// Beside access_key_1 and access_key_2 an old account has additional_access_key_1 and so on.
	for _, column := range slices.Sorted(maps.Keys(columns)) {
		key, isKey := strings.CutSuffix(column, "_exist")
		if exists := reportedBool(columns[column]); isKey && strings.Contains(key, "access_key_") && exists != nil && *exists {
			u.AccessKeys = append(u.AccessKeys, ReportedKey{
				Active:       reportedBool(columns[key+"_active"]),
				ChangeDate:   columns[key+"_last_rotated"],
				LastUsedDate: columns[key+"_last_used"],
			})
		}
	}
	return u
}

func reportedBool(text string) *bool {
	switch strings.ToUpper(text) {
	case "TRUE":
		return tea.Bool(true)
	case "FALSE":
		return tea.Bool(false)
	}
	return nil
}
