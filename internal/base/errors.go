package base

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// AddErrorf adds err under the summary that format and args give: "Unable to",
// verb, what, which. The detail says what happened, what to do about it where
// that is known, and then the action, code and request id.
func AddErrorf(diags *diag.Diagnostics, err error, format string, args ...any) {
	diags.AddError(fmt.Sprintf(format, args...), detail(err, ""))
}

// AddAdvisedErrorf is AddErrorf for a caller who may know better than the error
// what to do; with empty advice the error says it.
func AddAdvisedErrorf(diags *diag.Diagnostics, err error, advice, format string, args ...any) {
	diags.AddError(fmt.Sprintf(format, args...), detail(err, advice))
}

// AddAttributeErrorf is AddErrorf for an error that the value of one attribute caused.
func AddAttributeErrorf(diags *diag.Diagnostics, at path.Path, err error, format string, args ...any) {
	diags.AddAttributeError(at, fmt.Sprintf(format, args...), detail(err, ""))
}

// AddExistsErrorf is AddErrorf for a creation: where the thing exists already
// the detail says how to import it.
func AddExistsErrorf(diags *diag.Diagnostics, err error, resourceType, importID, format string, args ...any) {
	hint := ""
	// Terraform does not break a line that begins with a blank.
	switch command := fmt.Sprintf("  terraform import %s.NAME %s", resourceType, shellQuote(importID)); {
	case ramapi.IsAlreadyExists(err):
		hint = "To manage it here, run:\n\n" + command
	case ramapi.IsLost(err):
		hint = "It may have been created all the same. Apply again; if it turns out to exist, run:\n\n" + command
	}
	diags.AddError(fmt.Sprintf(format, args...), detail(err, hint))
}

func detail(err error, hint string) string {
	var e *ramapi.Error
	if !errors.As(err, &e) {
		return sentence(err.Error())
	}
	parts := []string{sentence(e.Message)}
	if why := e.Explanation(); why != "" {
		parts = append(parts, why)
	}
	if hint == "" {
		hint = e.Advice()
		if e.Lost {
			hint = strings.TrimSpace("The change may have been made all the same; the next plan shows what is there. " + hint)
		}
	}
	if hint != "" {
		parts = append(parts, hint)
	}
	facts := "Action: " + e.Action
	if e.Code != "" {
		facts += ", code: " + e.Code
	}
	if e.RequestID != "" {
		facts += ", request ID: " + e.RequestID
	}
	return strings.Join(append(parts, facts), "\n\n")
}

func sentence(text string) string {
	text = strings.TrimSpace(text)
	if text == "" {
		return "The service gave no reason."
	}
	first, size := utf8.DecodeRuneInString(text)
	text = string(unicode.ToUpper(first)) + text[size:]
	if last, _ := utf8.DecodeLastRuneInString(text); unicode.IsPunct(last) && !strings.ContainsRune(`)"'`, last) {
		return text
	}
	return text + "."
}

func shellQuote(text string) string {
	if strings.ContainsAny(text, " *?$'\"\\&;|<>()") {
		return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
	}
	return text
}

// InTheWay says what hangs on a thing that is to be deleted, for the error
// that asks for force_destroy: "2 access keys (LTAI1, LTAI2) and a login profile".
func InTheWay(parts ...string) string {
	var all []string
	for _, p := range parts {
		if p != "" {
			all = append(all, p)
		}
	}
	if len(all) < 2 {
		return strings.Join(all, "")
	}
	return strings.Join(all[:len(all)-1], ", ") + " and " + all[len(all)-1]
}

// AttachedPolicies counts and names what is attached to a principal that is to
// be deleted, empty for nothing.
func AttachedPolicies(policies []ramapi.AttachedPolicy) string {
	names := make([]string, 0, len(policies))
	for _, p := range policies {
		names = append(names, p.Name)
	}
	return Counted("attached policy", names)
}

// Counted names up to five things by their kind, empty where there are none:
// Counted("access key", keys) gives "2 access keys (LTAI1, LTAI2)". The plural
// is the singular with an s, or with ies for a y.
func Counted(singular string, names []string) string {
	if len(names) == 0 {
		return ""
	}
	plural := singular + "s"
	if stem, found := strings.CutSuffix(singular, "y"); found && !strings.HasSuffix(singular, "ey") {
		plural = stem + "ies"
	}
	if len(names) == 1 {
		plural = singular
	}
	shown := names[:min(len(names), 5)]
	more := ""
	if len(names) > len(shown) {
		more = ", …"
	}
	return fmt.Sprintf("%d %s (%s%s)", len(names), plural, strings.Join(shown, ", "), more)
}
