package base

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Names as RAM accepts them.
var (
	// UserName is a user's name without the domain.
	UserName = nameRule{"user name", 64, "-_."}
	// GroupName is a group's name.
	GroupName = nameRule{"group name", 64, "-_."}
	// RoleName is a role's name. Most of RAM's documentation has no underscore
	// in it, one page has; the service decides.
	RoleName = nameRule{"role name", 64, "-_."}
	// PolicyName is the name of a custom or system policy.
	PolicyName = nameRule{"policy name", 128, "-"}
)

// nameRule accepts 1 to max letters, digits and the marks.
type nameRule struct {
	what  string
	max   int
	marks string
}

func (n nameRule) Description(context.Context) string {
	return fmt.Sprintf("a %s has 1 to %d characters: letters, digits and %s", n.what, n.max, quoted(n.marks))
}

func (n nameRule) MarkdownDescription(ctx context.Context) string { return n.Description(ctx) }

// ValidateString refuses a name that RAM would refuse, naming the character.
func (n nameRule) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	name := req.ConfigValue.ValueString()
	problem := ""
	if count := utf8.RuneCountInString(name); count < 1 || count > n.max {
		problem = fmt.Sprintf("has %d characters", count)
	}
	for _, r := range name {
		if !isLetterOrDigit(r) && !strings.ContainsRune(n.marks, r) {
			problem = fmt.Sprintf("has the character %q", r)
			break
		}
	}
	if problem == "" {
		return
	}
	resp.Diagnostics.AddAttributeError(req.Path, "Invalid "+n.what,
		fmt.Sprintf("%s = %q %s; %s.", req.Path, name, problem, n.Description(ctx)))
}

func isLetterOrDigit(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

func quoted(marks string) string {
	parts := make([]string, 0, len(marks))
	for _, r := range marks {
		parts = append(parts, fmt.Sprintf("%q", string(r)))
	}
	return strings.Join(parts, " ")
}

// ImportByName imports a resource whose id is its name, given as the id or as
// the identity's attribute name. It refuses what cannot be a name.
func ImportByName(ctx context.Context, rule validator.String, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	at := path.Root("name")
	name := types.StringValue(req.ID)
	if req.ID == "" && req.Identity != nil {
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, at, &name)...)
	}
	check := &validator.StringResponse{}
	rule.ValidateString(ctx, validator.StringRequest{Path: at, ConfigValue: name}, check)
	for _, d := range check.Diagnostics {
		resp.Diagnostics.AddError("Invalid import ID", d.Detail()+" The import ID is the name alone, such as alice: not an ARN, not an ID and not a logon name with a domain.")
	}
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, at, name)...)
	if resp.Identity != nil {
		resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, at, name)...)
	}
}

// Length accepts texts of up to limit characters.
func Length(limit int) validator.String { return stringvalidator.UTF8LengthAtMost(limit) }

// ClearableText accepts texts of up to limit characters for attributes that
// RAM may refuse to empty: there ramapi stores a single blank for an empty text,
// so a single blank cannot mean anything else.
func ClearableText(limit int) []validator.String {
	return []validator.String{Length(limit), stringvalidator.NoneOf(" ")}
}

// Status accepts Active and Inactive, RAM's spelling.
func Status() validator.String { return stringvalidator.OneOf("Active", "Inactive") }

// Email accepts what looks like an address.
func Email() validator.String {
	return stringvalidator.RegexMatches(regexp.MustCompile(`^([^@\s]+@[^@\s]+\.[^@\s]+)?$`), "must be an e-mail address such as alice@example.com")
}

// MobilePhone accepts RAM's form of a number, with the country code in front.
func MobilePhone() validator.String {
	return stringvalidator.RegexMatches(regexp.MustCompile(`^([0-9]{1,4}-[0-9]{4,20})?$`), `must be a country code, "-" and the number, such as 86-13900001111`)
}
