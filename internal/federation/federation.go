// Package federation holds identity providers outside the account, whose people
// and programs take on roles or log on as users.
package federation

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
)

// nameText describes the name of an identity provider.
const nameText = "1 to 128 letters, digits, `.`, `-` and `_`, of which a mark neither begins nor ends it. RAM cannot rename a provider: changing the name replaces it, and its ARN."

// nameValidators accept the name of an identity provider.
func nameValidators() []validator.String {
	return []validator.String{
		base.ProviderName,
		stringvalidator.RegexMatches(regexp.MustCompile(`^([^-._](.*[^-._])?)?$`), `must neither begin nor end with ".", "-" or "_"`),
	}
}

// signAlgoText describes the algorithm of requests to a SAML identity provider.
const signAlgoText = "How Alibaba Cloud signs its requests to the identity provider: `rsa-sha256`, or `rsa-sha1`, which is out of date. "

func signAlgo() validator.String { return stringvalidator.OneOf("rsa-sha1", "rsa-sha256") }

const maxIssuerURL = 255

// issuerRule accepts the URL of an OIDC issuer, as RAM does.
type issuerRule struct{}

func (issuerRule) Description(context.Context) string {
	return "must be an https URL without a query, a fragment and logon information"
}

func (r issuerRule) MarkdownDescription(ctx context.Context) string { return r.Description(ctx) }

// ValidateString refuses any other URL.
func (issuerRule) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	issuer := req.ConfigValue.ValueString()
	problem := ""
	switch u, err := url.Parse(issuer); {
	case err != nil || u.Scheme != "https" || u.Hostname() == "":
		problem = "is not an https URL"
	case strings.ContainsAny(issuer, "?#"):
		problem = "has a query or a fragment"
	case strings.Contains(issuer, "@"):
		problem = "has logon information, or an @ elsewhere"
	case utf8.RuneCountInString(issuer) > maxIssuerURL:
		problem = fmt.Sprintf("has %d characters, and RAM accepts %d", utf8.RuneCountInString(issuer), maxIssuerURL)
	}
	if problem != "" {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid issuer URL",
			fmt.Sprintf("%s = %q %s. Give the issuer as its tokens do, such as https://token.actions.githubusercontent.com.", req.Path, issuer, problem))
	}
}
