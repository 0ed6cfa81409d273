package ramapi

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	ram "github.com/alibabacloud-go/ram-20150501/v2/client"
	"github.com/alibabacloud-go/tea/tea"
)

// explaining bounds how long an error waits for the service to explain it.
const explaining = 10 * time.Second

// denial is why the caller may not make a call. Newer answers say so in
// AccessDeniedDetail, and all of it in a message that DecodeDiagnosticMessage opens.
type denial struct {
	Action     string `json:"AuthAction"`               // ram:CreateUser
	CallerType string `json:"AuthPrincipalType"`        // SubUser, AssumedRoleUser, Federated or RootUser
	Caller     string `json:"AuthPrincipalDisplayName"` // a user's id, or <role>:<session>
	Kind       string `json:"NoPermissionType"`         // ImplicitDeny or ExplicitDeny
	Decider    string `json:"PolicyType"`               // the kind of policy that decided
	Encoded    string `json:"EncodedDiagnosticMessage"`
	resource   string
	denied     []string // by what, where it is known
}

const explicitDeny = "ExplicitDeny"

type (
	diagnosticMessage = ram.DecodeDiagnosticMessageResponseBodyDecodedDiagnosticMessage
	matchedPolicy     = ram.DecodeDiagnosticMessageResponseBodyDecodedDiagnosticMessageMatchedPolicies
)

// readDenial reads the AccessDeniedDetail of an error's answer, as far as there is one.
func readDenial(action, answer string) denial {
	var data struct{ AccessDeniedDetail denial }
	_ = json.Unmarshal([]byte(answer), &data) // what is not understood stays empty
	d := data.AccessDeniedDetail
	if d.Action == "" {
		d.Action = Permission(action)
	}
	return d
}

// Permission gives the name that policies have for an action of the API, empty for
// one that needs none. IMS and Resource Manager use RAM's prefix.
func Permission(action string) string {
	if action == "GetCallerIdentity" {
		return ""
	}
	if strings.HasPrefix(action, "AssumeRole") {
		return "sts:AssumeRole"
	}
	return "ram:" + action
}

// Explanation says what a refused call needs, which policy denied it and what can
// be done; empty where the error is no refusal for lack of permission. It may ask
// the service, once, so it is for errors that somebody is going to read.
func (e *Error) Explanation() string {
	switch {
	case !IsRefused(e) || e.denial.Action == "":
		return ""
	case e.explain == nil:
		return e.denial.text()
	}
	return e.explain()
}

// explainer gives what explains the refused call. It goes on when the context of
// the call has ended, since that ends with the first failure of several calls.
func (c *Client) explainer(ctx context.Context, d denial) func() string {
	return sync.OnceValue(func() string {
		if d.Encoded == "" || c.undecodable.Load() {
			return d.text()
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), explaining)
		defer cancel()
		decoded, err := c.decode(ctx, d)
		if err != nil {
			if IsRefused(err) {
				c.undecodable.Store(true) // so are the messages of all other refusals
			}
			return d.text()
		}
		return decoded.text()
	})
}

// decode adds to the denial what its message says.
func (c *Client) decode(ctx context.Context, d denial) (denial, error) {
	message, err := do(ctx, c, call{action: "DecodeDiagnosticMessage"}, func(ctx context.Context) (*diagnosticMessage, error) {
		out, err := c.ram().DecodeDiagnosticMessageWithContext(ctx, &ram.DecodeDiagnosticMessageRequest{EncodedDiagnosticMessage: tea.String(d.Encoded)}, c.runtime)
		if err != nil {
			return nil, err
		}
		return converted(out.Body.DecodedDiagnosticMessage, func(m *diagnosticMessage) *diagnosticMessage { return m })
	})
	if err != nil {
		return d, err
	}
	if action := tea.StringValue(message.AuthAction); action != "" {
		d.Action = action
	}
	if tea.BoolValue(message.ExplicitDeny) {
		d.Kind = explicitDeny
	}
	d.Decider, d.resource = tea.StringValue(message.NoPermissionPolicyType), tea.StringValue(message.AuthResource)
	for _, p := range message.MatchedPolicies {
		if tea.StringValue(p.Effect) == "Deny" {
			d.denied = append(d.denied, c.describeDenying(ctx, p))
		}
	}
	return d, nil
}

// describeDenying names a policy and what it is attached to. The message says only
// whether that is a group; which one is looked up, as far as the caller may.
func (c *Client) describeDenying(ctx context.Context, p *matchedPolicy) string {
	name := tea.StringValue(p.PolicyIdentifier)
	text := "policy " + name
	switch tea.StringValue(p.AttachedEntityType) {
	case "RamUser":
		text += " attached to the caller"
	case "RamRole":
		text += " attached to the caller's role"
	case "ResourceDirectoryTarget":
		text = "control policy " + name + " of the resource directory"
	case "RamGroup":
		text += " attached to " + c.groupWith(ctx, p)
	}
	if tea.StringValue(p.AttachedScope) == inResourceGroup {
		text += " in a resource group"
	}
	return text
}

// inResourceGroup is the scope of a policy that is attached in a resource group.
const inResourceGroup = "ResourceGroup"

// groupWith names the group of the caller's that the policy is attached to.
func (c *Client) groupWith(ctx context.Context, p *matchedPolicy) string {
	var groups []string
	if tea.StringValue(p.AttachedScope) != inResourceGroup {
		groups, _ = c.PolicyHolders(ctx, tea.StringValue(p.PolicyIdentifier), tea.StringValue(p.PolicyType), KindGroup)
	}
	switch len(groups) {
	case 0:
		return "a group of the caller's"
	case 1:
		return "group " + groups[0]
	default:
		return "one of the groups " + strings.Join(groups, ", ")
	}
}

// deciders are the kinds of policies, as they deny something and as they do not allow it.
var deciders = map[string]struct{ denied, allowed, advice string }{
	"AssumeRolePolicy": {
		"the role's trust policy", "the role's trust policy does not allow it",
		"Let the trust policy of the role name the caller. Where it asks for an external ID, set external_id.",
	},
	"ControlPolicy": {
		"a control policy of the resource directory", "the control policies of the resource directory do not allow it",
		"The management account of the resource directory can change its control policies.",
	},
	"SessionPolicy": {
		"the policy of the caller's session", "the policy of the caller's session does not allow it",
		"Assume the role without a session policy, or with one that allows it.",
	},
	"ResourceGroupLevelIdentityBasedPolicy": {"a policy of the caller's in the resource group", "no policy in the resource group allows it", ""},
}

// callers are the types of those who make calls.
var callers = map[string]string{"SubUser": "the RAM user with the id ", "AssumedRoleUser": "the session ", "RootUser": "the account "}

// text is the explanation, as far as it is known.
func (d denial) text() string {
	text := "This needs " + d.Action
	if d.resource != "" {
		text += " on " + d.resource
	}
	decider, found := deciders[d.Decider]
	if !found {
		decider.denied, decider.allowed = "a policy of the caller's", "no policy allows it"
	}
	switch {
	case d.Kind == explicitDeny && len(d.denied) > 0:
		text += "; denied by " + strings.Join(d.denied, " and by ")
	case d.Kind == explicitDeny:
		text += "; denied by " + decider.denied
	case d.Kind != "" || d.Decider != "":
		text += "; " + decider.allowed
	}
	advice := decider.advice
	switch {
	case advice != "":
	case d.Kind == explicitDeny:
		advice = "A Deny outweighs every Allow: change that policy, or detach it."
	case strings.HasPrefix(d.Action, "sts:"):
		advice = "Attach a policy that allows it, such as AliyunSTSAssumeRoleAccess, and let the trust policy of the role name the caller."
	default:
		advice = "Attach a policy that allows it, such as AliyunRAMFullAccess."
	}
	if d.Caller != "" {
		text += fmt.Sprintf(". The caller is %s%s", callers[d.CallerType], d.Caller)
	}
	return text + ". " + advice
}
