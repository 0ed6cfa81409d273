// Package ramserver is the API of Alibaba Cloud RAM (2015-05-01), IMS (2019-08-15) and STS (2015-04-01), and of Resource
// Manager (2020-03-31) what has to do with them, in memory, for tests and for trying things out. It is written from the
// documentation alone, knows no client, and is meant to be strict: signatures are verified, unknown actions and
// parameters are refused, lists come in pages, and errors carry the codes of the real service.
//
// What it does not model:
//   - Authorization by policies: whoever signs correctly may do everything, except that AssumeRole and
//     AssumeRoleWithOIDC ask the role's trust policy.
//   - Logons, and so what the security preference and the password policy say of them; passwords that expire or are
//     known to have leaked; users and access keys that are disabled because nobody uses them.
//   - Single sign-on by SAML, and AssumeRoleWithSAML: identity providers and settings are kept, nobody comes from them.
//   - The signature of an OIDC token, and the certificate of its issuer: only the token's claims are read.
//   - Where calls come from: the network policies of access keys are kept and shown, and every address is let in.
//   - Resources in resource groups, and what the policies of a service-linked role allow.
//   - Applications, passkeys, U2F keys, service credentials, phone numbers and addresses for verification, and the
//     reports on security and governance.
//   - Of what IMS has beside RAM: writing groups, memberships and access keys, and ListUserBasicInfos.
//   - Sites other than the Chinese one: AllowUserToManagePublicKeys has no effect.
//   - XML: every answer is JSON, whatever Format says.
//
// An account can be kept with all that has happened to it ([Server.Save], [Server.Load]), and written down and made from
// what somebody has written down ([Server.Describe], [Server.Seed]).
//
// What goes wrong between a client and the service can be had too: [Server.Latency], [Server.Throttle],
// [Server.StaleReads], and with [Server.Intercept] whatever a [FaultScript] or a function says.
//
// Where the documentation leaves open what the service answers, [Unsure] holds a switch. Some errors have no documented
// code. The server's own are:
//   - 400: IncompleteSignature, UnsupportedContentType, InvalidRequest.TooLarge, InvalidFaultScript,
//     NotSupport.ServiceLinkedRole, InvalidParameter.Unknown, .Repeated, .Marker, .MaxItems, .NextToken, .PageNumber and
//     .PageSize, and InvalidParameter.<Name>.Format of switches, numbers, choices, lists and documents.
//   - 404: EntityNotExist.Tag, .CredentialReport, .OIDCProvider.ClientId and .OIDCProvider.Fingerprint.
//   - 409: EntityAlreadyExists.DefaultDomain, .Policy.Version and .ResourceGroup; LimitExceeded.AccessKeyPolicy.IP,
//     .AccessKeyPolicy.Statement, .CredentialReport, .RecycleBin.User, .RecycleBin.User.AccessKey, .ResourceGroup and
//     .Tag; of identity providers EntityAlreadyExists.* and LimitExceeded.*, and DeleteConflict.OIDCProvider.Fingerprint
//     for the last one.
package ramserver

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"
)

const (
	ramVersion = "2015-05-01"
	imsVersion = "2019-08-15"
	stsVersion = "2015-04-01"
	rmVersion  = "2020-03-31"

	defaultAccountID = "1234567890123456"
)

// Server is the RAM, IMS, STS and Resource Manager API of one Alibaba Cloud account. The zero value is an empty account. The exported
// fields must not change once the first request has arrived.
type Server struct {
	// AccountID is the account's number, 16 digits; one of the server's choosing when empty, which depends on IDSeed alone.
	AccountID string
	// Now is the account's clock; [time.Now] when nil.
	Now func() time.Time
	// Quotas are the account's limits; a zero field means the documented figure.
	Quotas Quotas
	// TakenAliases are aliases that other accounts have, and with them the default domains.
	TakenAliases []string
	// Unsure decides where the documentation does not.
	Unsure Unsure
	// Latency is added to every API call.
	Latency time.Duration
	// Throttle is how many API calls per second the account may make, with a burst of one second's worth; 0 is no limit.
	Throttle int
	// StaleReads is for how long after a write, by Now, reads answer as if it had not happened yet: each action that
	// gets or lists shows the account as it was that long ago. Writes, signatures and STS know the account as it is.
	StaleReads time.Duration
	// IDSeed, unless 0, makes all ids and secrets repeat: the same seed and the same calls give the same ones, whichever
	// order calls about different things come in. Anybody can work them out then.
	IDSeed uint64
	// Intercept, if set, is asked before each action, after the caller has been identified. Nil lets the call through.
	// It may be called by several goroutines at once.
	Intercept func(Call) *Fault

	mu      sync.Mutex
	state   state
	past    []pastState // before each write that StaleReads may hide, the earliest first
	calls   []Call
	streams streams
	nonces  map[string]time.Time // of a caller's request, by access key id and nonce, with the time it arrived
	sweep   int                  // how many nonces there must be before old ones are looked for again
	bucket  bucket
	drawn   drawn
}

// state is everything that the account remembers from one call to the next.
type state struct {
	Users         map[string]*user         `json:"Users"`         // by UserId
	Groups        map[string]*group        `json:"Groups"`        // by GroupId
	Roles         map[string]*role         `json:"Roles"`         // by RoleId
	Policies      map[string]*policy       `json:"Policies"`      // custom ones, by PolicyName
	AccessKeys    map[string]*accessKey    `json:"AccessKeys"`    // by AccessKeyId
	Sessions      map[string]*session      `json:"Sessions"`      // of assumed roles, by AccessKeyId
	MFADevices    map[string]*mfaDevice    `json:"MFADevices"`    // by SerialNumber
	SAMLProviders map[string]*samlProvider `json:"SAMLProviders"` // by name
	OIDCProviders map[string]*oidcProvider `json:"OIDCProviders"` // by name
	RecycledUsers map[string]*recycledUser `json:"RecycledUsers"` // by UserId
	RecycledKeys  map[string]*recycledKey  `json:"RecycledKeys"`  // by AccessKeyId

	ResourceGroups map[string]*resourceGroup `json:"ResourceGroups"` // by Id
	DeletionTasks  map[string]*deletionTask  `json:"DeletionTasks"`  // of service-linked roles, by DeletionTaskId

	RootAccessKeyID string `json:"RootAccessKeyId"`
	AccountAlias    string `json:"AccountAlias"`
	DefaultDomain   string `json:"DefaultDomain"` // empty: <account id>.onaliyun.com

	PasswordPolicy     *passwordPolicy     `json:"PasswordPolicy"`     // nil: the defaults
	SecurityPreference *securityPreference `json:"SecurityPreference"` // nil: the defaults
	UserSSOSettings    *userSSOSettings    `json:"UserSsoSettings"`    // nil: the defaults
	CredentialReport   *credentialReport   `json:"CredentialReport"`   // nil: there was none yet

	index *index
}

// newState is an empty account.
func newState() state {
	return state{
		Users:         map[string]*user{},
		Groups:        map[string]*group{},
		Roles:         map[string]*role{},
		Policies:      map[string]*policy{},
		AccessKeys:    map[string]*accessKey{},
		Sessions:      map[string]*session{},
		MFADevices:    map[string]*mfaDevice{},
		SAMLProviders: map[string]*samlProvider{},
		OIDCProviders: map[string]*oidcProvider{},
		RecycledUsers: map[string]*recycledUser{},
		RecycledKeys:  map[string]*recycledKey{},

		ResourceGroups: map[string]*resourceGroup{DefaultResourceGroupID: defaultResourceGroup()},
		DeletionTasks:  map[string]*deletionTask{},
	}
}

// lock takes the mutex and makes the zero value usable. The caller unlocks s.mu.
func (s *Server) lock() {
	s.mu.Lock()
	if s.state.Users == nil {
		s.state = newState()
	}
	s.makeIndex(&s.state)
	if s.nonces == nil {
		s.nonces = map[string]time.Time{}
	}
}

// ServeHTTP answers one API call. What a GET asks for that names no action and carries no signature is for people: / is a
// page about the account, /events a stream of the calls, and /health says that the server is there.
func (s *Server) ServeHTTP(w http.ResponseWriter, hr *http.Request) {
	if forPeople(hr) {
		s.servePeople(w, hr)
		return
	}
	call := Call{Time: s.now()}
	a := s.answer(hr, &call)
	call.HTTPStatus, call.Code = a.status, a.code
	s.record(call)
	w.Header().Set("Date", s.now().Format(http.TimeFormat)) // of the account's clock, by which codes and signatures are judged
	a.write(w)
}

func forPeople(hr *http.Request) bool {
	q := hr.URL.Query()
	return hr.Method == http.MethodGet && slices.Contains([]string{"/", "/events", "/health"}, hr.URL.Path) &&
		!q.Has("Action") && !q.Has("Signature") &&
		hr.Header.Get("X-Acs-Action") == "" && hr.Header.Get("Authorization") == ""
}

// servePeople shows what the account holds, and never a secret. It answers only to a loopback name: otherwise a web
// page elsewhere could have its own name resolve to this machine and read the account through a browser here.
func (s *Server) servePeople(w http.ResponseWriter, hr *http.Request) {
	if !isLoopback(hr.Host) {
		http.Error(w, "This is shown at a loopback address only, such as 127.0.0.1.", http.StatusForbidden)
		return
	}
	switch hr.URL.Path {
	case "/":
		s.servePage(w)
	case "/events":
		s.serveEvents(w, hr)
	case "/health":
		s.serveHealth(w)
	}
}

// answer carries a call out, from reading it to what goes back over the wire.
func (s *Server) answer(hr *http.Request, call *Call) answer {
	r, err := s.readRequest(hr)
	r.id = randomUUID(s.random("request", r.action))
	call.RequestID = r.id
	call.Version, call.Action, call.Params = r.version, r.action, withoutSecrets(r.Values)
	if err != nil {
		return errorAnswer(hr, r.id, err)
	}
	if r.caller, err = s.authenticate(hr, r); err != nil {
		return errorAnswer(hr, r.id, err)
	}
	call.AccessKeyID = r.caller.AccessKeyID
	sleep(hr.Context(), s.Latency)
	if err := s.throttle(); err != nil {
		return errorAnswer(hr, r.id, err)
	}

	var fault *Fault
	if s.Intercept != nil {
		fault = s.Intercept(*call)
	}
	if fault == nil {
		return s.perform(hr, r)
	}
	if fault.Denied != nil {
		return errorAnswer(hr, r.id, s.deny(r, fault.Denied))
	}
	if !fault.After {
		sleep(hr.Context(), fault.Delay)
		if fault.replaces() {
			return fault.apply(hr, r.id, answer{})
		}
		return fault.apply(hr, r.id, s.perform(hr, r))
	}
	done := s.perform(hr, r)
	sleep(hr.Context(), fault.Delay)
	return fault.apply(hr, r.id, done)
}

// perform runs the action itself with the mutex held.
func (s *Server) perform(hr *http.Request, r request) answer {
	s.lock()
	defer s.mu.Unlock()
	if !s.callerExists(r.caller) {
		return errorAnswer(hr, r.id, s.unknownKey())
	}
	s.endDeletions()
	a := actions[actionKey{r.version, r.action}]
	if err := r.checkKnown(a.params); err != nil {
		return errorAnswer(hr, r.id, err)
	}
	out, err := s.run(a, r)
	if err != nil {
		return errorAnswer(hr, r.id, err)
	}
	if out == nil {
		out = reply{}
	}
	out["RequestId"] = r.id
	return jsonAnswer(http.StatusOK, out)
}

func (s *Server) now() time.Time {
	if s.Now != nil {
		return s.Now().UTC()
	}
	return time.Now().UTC()
}

func (s *Server) accountID() string {
	switch {
	case s.AccountID != "":
		return s.AccountID
	case s.IDSeed != 0:
		return randomDigits(s.repeatable("account"), 16)
	}
	return defaultAccountID
}

// arn builds the ARN of something in the account, such as "user/alice".
func (s *Server) arn(relative string) string {
	return "acs:ram::" + s.accountID() + ":" + relative
}

// sleep waits for d, or until the client has gone.
func sleep(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// bucket is a token bucket. Its clock is the real one: a test that stops Server.Now would never get a token back.
type bucket struct {
	tokens float64
	filled time.Time
}

// throttle takes a token for one call, or refuses the call.
func (s *Server) throttle() error {
	if s.Throttle <= 0 {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	rate, now := float64(s.Throttle), time.Now()
	if s.bucket.filled.IsZero() {
		s.bucket.tokens = rate
	} else {
		s.bucket.tokens = min(rate, s.bucket.tokens+rate*now.Sub(s.bucket.filled).Seconds())
	}
	s.bucket.filled = now
	if s.bucket.tokens < 1 {
		return s.throttled()
	}
	s.bucket.tokens--
	return nil
}
