package ramapi

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/alibabacloud-go/tea/tea"
)

// Error is the service's refusal of one call, or the reason why no usable
// answer came. It never holds a secret or a URL.
type Error struct {
	Action     string // the API action, "CreateUser"
	Code       string // RAM's error code, "EntityAlreadyExists.User"; empty when the service gave none
	Message    string // in the service's words, or what happened on the way
	RequestID  string // empty when the service gave none
	HTTPStatus int    // 0 when no answer came
	Lost       bool   // the call may have been carried out although no answer came

	broken    bool   // no usable answer came over the network
	afterLost bool   // it answers a repetition of a call that may have been carried out
	known     string // what the client knows of the reason
	cause     error

	denial  denial        // of a call that the caller may not make
	explain func() string // asks the service about it; nil where that is not possible
}

// Error gives one line: action, code or cause, message and request id.
func (e *Error) Error() string {
	text := e.Action + ": "
	if e.Code != "" {
		text += e.Code + ": "
	}
	text += e.Message
	if e.RequestID != "" {
		text += " (request id " + e.RequestID + ")"
	}
	return text
}

// Unwrap gives the cause where the service did not answer, such as a context's error.
func (e *Error) Unwrap() error { return e.cause }

// IsNotFound reports whether the service said that something a call named does not exist.
func IsNotFound(err error) bool { return hasCodePrefix(err, "EntityNotExist") }

// IsAlreadyExists reports whether a creation was refused because the thing,
// the attachment or the membership is there already.
func IsAlreadyExists(err error) bool { return hasCodePrefix(err, "EntityAlreadyExists") }

// IsDeleteConflict reports whether a deletion was refused because of what still
// hangs on the thing.
func IsDeleteConflict(err error) bool { return hasCodePrefix(err, "DeleteConflict") }

// IsLimitExceeded reports whether a call was refused because there are as many
// of something as there can be.
func IsLimitExceeded(err error) bool { return hasCodePrefix(err, "LimitExceeded") }

// IsLost reports whether a write may have been carried out although its answer never came.
func IsLost(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Lost
}

// isAfterLost reports whether err answers the repetition of a call whose first
// answer was lost: then it may speak of what that first call did.
func isAfterLost(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.afterLost
}

// IsMalformedDocument reports whether the service refuses a policy document for
// what is in it.
func IsMalformedDocument(err error) bool { return hasCodePrefix(err, "MalformedPolicyDocument") }

// IsAssumption reports whether err is of a call that takes on a role.
func IsAssumption(err error) bool {
	var e *Error
	return errors.As(err, &e) && strings.HasPrefix(e.Action, "AssumeRole")
}

// isUnproven reports whether err says that nobody can tell who calls: there are no
// credentials, or the service does not take them.
func isUnproven(err error) bool {
	var e *Error
	return errors.Is(err, ErrNoCredentials) || errors.As(err, &e) && (isOfKey(e.Code) || strings.HasPrefix(e.Code, "InvalidTimeStamp"))
}

// isOfKey reports whether a code is about the access key, its secret or its token.
func isOfKey(code string) bool {
	return slices.ContainsFunc([]string{"InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidSecurityToken"}, func(prefix string) bool {
		return strings.HasPrefix(code, prefix)
	})
}

// IsRefused reports whether the caller may not make the call.
func IsRefused(err error) bool {
	return hasCodePrefix(err, "NoPermission") || hasCodePrefix(err, "Forbidden")
}

func hasCodePrefix(err error, prefix string) bool {
	var e *Error
	return errors.As(err, &e) && strings.HasPrefix(e.Code, prefix)
}

// isMissing reports whether err says that the very kind of thing is missing:
// isMissing(err, "User") holds for EntityNotExist.User, not for
// EntityNotExist.User.LoginProfile.
func isMissing(err error, kind string) bool {
	var e *Error
	return errors.As(err, &e) && (e.Code == "EntityNotExist."+kind || narrowCodes[kind] != "" && e.Code == narrowCodes[kind])
}

// narrowCodes are codes seen in the field beside the documented ones.
var narrowCodes = map[string]string{
	"User.LoginProfile": "EntityNotExist.LoginProfile",
	"Policy":            "EntityNotExist.CustomPolicy",
	"SAMLProvider":      "EntityNotExist.SAMLProviderError",
}

// advice is what a person can do about a code, by its longest matching prefix.
var advice = []struct{ prefix, text string }{
	{"SignatureDoesNotMatch", "The access key secret does not belong to the access key ID. Check access_key_secret, or ALIBABA_CLOUD_ACCESS_KEY_SECRET."},
	{"InvalidAccessKeyId.NotFound", "Check access_key_id, or ALIBABA_CLOUD_ACCESS_KEY_ID: the key may have been deleted, be mistyped, or be one of another site than the endpoint's."},
	{"InvalidAccessKeyId.Inactive", "Turn the key on again in the RAM console, or use another one."},
	{"InvalidSecurityToken.Expired", "Get new temporary credentials, or let the provider do that: assume_role renews them by itself."},
	{"InvalidSecurityToken", "The STS token does not belong to the access key. Give the key, its secret and its token from one answer of STS: " +
		"in the provider block, or as ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET and ALIBABA_CLOUD_SECURITY_TOKEN."},
	{"InvalidTimeStamp", "Set the clock of this machine right, best with NTP: RAM refuses requests that are dated more than 15 minutes off."},
	{"Inactive", "RAM is not activated for this account. Open the RAM console once as the account's owner."},
	{"ServiceUnavailable", "The service has a fault of its own, most likely for a short while. Apply again later."},
	{"EntityAlreadyExists.AccountAlias", "Choose another one: no two accounts have the same."},
	{"EntityAlreadyExists.DefaultDomain", "Choose another one: no two accounts have the same."},
	{"Throttling", "The service limits the rate of calls. Lower max_concurrency or raise max_retries in the provider block."},
	{"InvalidParameter.Password.TooWeak", "The password does not fulfil the account's password policy."},
	{"InvalidParameter.DurationSeconds", "Lower duration_seconds, or raise the role's max_session_duration: a session lasts from 900 seconds up to that, which is 3600 unless the role says more."},
	{"AuthenticationFail.OIDCToken.Expired", "Get a new token: the identity provider gives them for a short while."},
	{"EntityNotExists.ResourceGroup", "The account has no resource group with this ID. The ID begins with rg-; a name is not accepted."},
	{"LimitExceeded.User.Group", "A RAM user can be in at most 10 groups. Take it out of one that it no longer needs."},
	{"CheckAuthenticationCodeFail", "RAM refused two pairs of codes that were computed from the device's seed. Most likely the seed in the state is not the device's: make a new device, with -replace."},
	{"EntityAlreadyExists.User.MFADevice", "A RAM user has at most one MFA device. Unbind the one that the user has."},
	{"EntityAlreadyExists.VirtualMFADevice.User", "The device is bound to another user. Plan again: the next plan shows to whom."},
	{"LimitExceeded.User.AccessKey", "A RAM user has at most two access keys. Delete one that is no longer used. " +
		"Where an earlier apply was killed while it made a key, that is a key whose secret nobody has."},
}

// referred are the resources of what a configuration may name before it is there,
// by the code for its absence.
var referred = map[string]string{
	"EntityNotExist.User":         "ram_user",
	"EntityNotExist.Group":        "ram_group",
	"EntityNotExist.Role":         "ram_role",
	"EntityNotExist.Policy":       "ram_policy",
	"EntityNotExist.CustomPolicy": "ram_policy",
}

// Advice says what a person can do about the error; empty when nothing is known.
func (e *Error) Advice() string {
	switch resource := referred[e.Code]; {
	case resource != "" && IsAssumption(e):
		return "Check role_arn: it is acs:ram::<account>:role/<name>."
	case resource != "":
		return CreatedFirst(resource)
	case e.Code == "EntityAlreadyExists.User" || e.Code == "EntityAlreadyExists.Group":
		return "Choose another name, or give another one first to whoever has this."
	case IsMalformedDocument(e) && strings.HasSuffix(e.Action, "Role"):
		return "Whom a trust policy names must exist, in this account or another. " +
			"Where this configuration creates it, refer to it, such as by ram_user.NAME.arn, so that it is created first."
	case e.broken:
		return "Check the network, proxies such as that in HTTPS_PROXY, and the endpoints in the provider block. A slow network may need a longer request_timeout."
	case e.Code == "" && e.isAnswer():
		return "Most likely a proxy has answered, such as that in HTTPS_PROXY, or the endpoint is that of something else."
	}
	for _, a := range advice {
		if strings.HasPrefix(e.Code, a.prefix) {
			return strings.TrimSpace(a.text + " " + e.known)
		}
	}
	return e.known
}

// CreatedFirst is what to do about something that does not exist, with the type
// of the resource that would make it.
func CreatedFirst(resource string) string {
	return "Check the name. Where this configuration creates it, refer to it, such as by " + resource + ".NAME.name, so that it is created first."
}

// notAsked is the error of a call that was not sent, for the end of its context.
func notAsked(action string, why error) *Error {
	return &Error{Action: action, Message: "not sent: " + why.Error(), cause: why}
}

// transportError is the absence of a usable answer: no connection, a broken
// one, or an answer that did not come from the service itself.
type transportError struct {
	status  int
	message string
	sent    bool // the request may have reached the service
	cause   error
}

func (e *transportError) Error() string { return e.message }
func (e *transportError) Unwrap() error { return e.cause }

// toError turns what an SDK call returned into an *Error, without the URL,
// whose query holds passwords.
func toError(action string, err error, secrets []string) *Error {
	var own *Error
	if errors.As(err, &own) {
		// A role could not be assumed for this call, or an answer was rewritten.
		return own
	}
	out := &Error{Action: action}
	var sdk *tea.SDKError
	var transport *transportError
	var uerr *url.Error
	switch {
	case errors.As(err, &transport):
		out.HTTPStatus, out.Message, out.cause = transport.status, transport.message, transport.cause
		out.Lost, out.broken = transport.sent, transport.status == 0
	case errors.As(err, &sdk):
		out.Code = tea.StringValue(sdk.Code)
		out.HTTPStatus = tea.IntValue(sdk.StatusCode)
		out.Message, out.RequestID = sdkMessage(sdk)
		out.Lost = out.HTTPStatus >= http.StatusInternalServerError
		if IsRefused(out) {
			out.denial = readDenial(action, tea.StringValue(sdk.Data))
		}
	case errors.As(err, &uerr):
		out.Message, out.cause, out.Lost, out.broken = uerr.Err.Error(), uerr.Err, true, true
	default:
		out.Message, out.cause = err.Error(), err
	}
	if strings.HasPrefix(out.Code, "SignatureDoesNotMatch") {
		// The service's message repeats the text that it signed: every parameter, passwords too.
		out.Message = "The service computed another signature for this request."
	}
	out.Message = redact(out.Message, secrets)
	return out
}

func sdkMessage(sdk *tea.SDKError) (message, requestID string) {
	var data struct{ Message, RequestId string }
	if json.Unmarshal([]byte(tea.StringValue(sdk.Data)), &data) == nil && data.Message != "" {
		return data.Message, data.RequestId
	}
	return tea.StringValue(sdk.Message), data.RequestId
}

func redact(text string, secrets []string) string {
	for _, s := range secrets {
		if s == "" {
			continue
		}
		text = strings.ReplaceAll(text, s, "(hidden)")
		text = strings.ReplaceAll(text, url.QueryEscape(s), "(hidden)")
		text = strings.ReplaceAll(text, url.QueryEscape(url.QueryEscape(s)), "(hidden)")
	}
	return text
}

// throttled reports whether the call was refused for the rate of calls.
func (e *Error) throttled() bool {
	return strings.Contains(e.Code, "Throttling") || e.HTTPStatus == http.StatusTooManyRequests
}

// isAnswer reports whether the service has answered as it should, if with a refusal.
func (e *Error) isAnswer() bool {
	return e.HTTPStatus > 0 && e.HTTPStatus < http.StatusInternalServerError
}

// retryable reports whether a failed call may succeed when it is repeated.
func (e *Error) retryable() bool {
	unavailable := e.HTTPStatus >= http.StatusInternalServerError || e.Code == "ServiceUnavailable"
	return e.throttled() || unavailable || e.broken
}
