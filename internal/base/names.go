package base

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// Names as RAM accepts them.
var (
	// UserName is a user's name without the domain.
	UserName = NameRule{"user name", 64, "-_."}
	// GroupName is a group's name.
	GroupName = NameRule{"group name", 64, "-_."}
	// RoleName is a role's name. Most of RAM's documentation has no underscore
	// in it, one page has; the service decides.
	RoleName = NameRule{"role name", 64, "-_."}
	// PolicyName is the name of a custom or system policy.
	PolicyName = NameRule{"policy name", 128, "-"}
	// ProviderName is the name of an identity provider.
	ProviderName = NameRule{"provider name", 128, "-_."}
	// MFADeviceName is the name of a virtual MFA device. IMS has no dot in it.
	MFADeviceName = NameRule{"MFA device name", 64, "-."}
)

// NameRule accepts names of 1 to max letters, digits and marks.
type NameRule struct {
	what  string
	max   int
	marks string
}

// String says what the rule accepts.
func (n NameRule) String() string {
	return fmt.Sprintf("a %s has 1 to %d characters: letters, digits and %s", n.what, n.max, quoted(n.marks))
}

// Description says what the rule accepts.
func (n NameRule) Description(context.Context) string { return n.String() }

// MarkdownDescription says what the rule accepts.
func (n NameRule) MarkdownDescription(context.Context) string { return n.String() }

// ValidateString refuses a name that RAM would refuse, naming the character.
func (n NameRule) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if problem := n.problem(req.ConfigValue.ValueString()); problem != "" {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid "+n.what,
			fmt.Sprintf("%s = %q %s; %s.", req.Path, req.ConfigValue.ValueString(), problem, n))
	}
}

// problem says what is wrong with a name, empty for nothing.
func (n NameRule) problem(name string) string {
	for _, r := range name {
		if !isLetterOrDigit(r) && !strings.ContainsRune(n.marks, r) {
			return fmt.Sprintf("has the character %q", r)
		}
	}
	if count := utf8.RuneCountInString(name); count < 1 || count > n.max {
		return fmt.Sprintf("has %d characters", count)
	}
	return ""
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

// ImportByName imports a resource whose id is a name, given as the id or as the
// attribute of the identity. It refuses what cannot be one.
func ImportByName(ctx context.Context, at path.Path, rule NameRule, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	name := types.StringValue(req.ID)
	if req.ID == "" && req.Identity != nil {
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, at, &name)...)
	}
	CheckImportedName(rule, name.ValueString(), &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, at, name)...)
	if resp.Identity != nil {
		resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, at, name)...)
	}
}

// CheckImportedName adds an error where a name that an import is given cannot be one.
func CheckImportedName(rule NameRule, name string, diags *diag.Diagnostics) {
	if problem := rule.problem(name); problem != "" {
		diags.AddError("Invalid import ID", fmt.Sprintf("The %s %q %s; %s. Give the name alone: no ARN, no ID and no @domain.", rule.what, name, problem, rule))
	}
}

// OrdinaryRole refuses the names of service-linked roles, and says what to do
// instead.
func OrdinaryRole(instead string) validator.String { return ordinaryRole{instead} }

type ordinaryRole struct{ instead string }

func (ordinaryRole) Description(context.Context) string {
	return "the role is none that is linked to a service"
}

func (o ordinaryRole) MarkdownDescription(ctx context.Context) string { return o.Description(ctx) }

// ValidateString refuses the name of a service-linked role.
func (o ordinaryRole) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if name := req.ConfigValue; ramapi.IsServiceLinkedRole(name.ValueString()) {
		resp.Diagnostics.AddAttributeError(req.Path, "Service-linked role",
			fmt.Sprintf("%s = %s is the name of a service-linked role, which belongs to an Alibaba Cloud service. %s", req.Path, name, o.instead))
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
