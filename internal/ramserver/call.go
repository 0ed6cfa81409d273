package ramserver

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// Call is one API request that the server has seen.
type Call struct {
	Time        time.Time
	RequestID   string
	Version     string     // of the API: 2015-05-01 is RAM, 2019-08-15 IMS, 2015-04-01 STS, 2020-03-31 Resource Manager
	Action      string     // such as CreateUser
	Params      url.Values // query and form body, without passwords, codes, tokens and signatures
	AccessKeyID string     // of the caller; empty when the call was anonymous or refused before it was known
	HTTPStatus  int        // of the answer; 0 when the connection was dropped, or in Intercept
	Code        string     // of the error; empty on success
}

// Calls returns every request answered so far, in the order of the answers.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

func (s *Server) record(c Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, c)
	s.streams.wakeAll()
}

// secretParams never reach Calls.
var secretParams = []string{"Password", "OldPassword", "NewPassword", "OIDCToken", "SAMLAssertion", "SecurityToken", "Signature", "AuthenticationCode1", "AuthenticationCode2"}

func withoutSecrets(p url.Values) url.Values {
	p = maps.Clone(p)
	for _, name := range secretParams {
		delete(p, name)
	}
	return p
}

// Fault is what goes wrong with one call. With neither Drop nor Status the call only takes longer (Delay) or loses
// the second half of its answer (Cut).
type Fault struct {
	After   bool          // the action is carried out first, and its answer lost
	Delay   time.Duration // waited before the action, or with After before the answer
	Drop    bool          // the connection is closed without an answer, as ServeHTTP panics with http.ErrAbortHandler
	Cut     bool          // the connection is closed in the middle of the answer's body
	Status  int           // HTTP status of the answer that replaces the real one
	Code    string        // error code of that answer, with Message; or else
	Message string
	Body    string // its body, with ContentType; empty is an empty body

	ContentType string

	Denied *Denial // the call is refused for lack of permission
}

func (f *Fault) replaces() bool {
	return f.Drop || f.Status != 0
}

// apply returns what is left of an answer.
func (f *Fault) apply(hr *http.Request, requestID string, a answer) answer {
	switch {
	case f.Drop:
		return answer{drop: true}
	case f.Status != 0 && f.Code != "":
		a = errorAnswer(hr, requestID, &apiError{f.Status, f.Code, f.Message})
	case f.Status != 0:
		a = answer{status: f.Status, contentType: f.ContentType, body: []byte(f.Body)}
	}
	a.cut = f.Cut
	return a
}

// answer is what goes over the wire.
type answer struct {
	status      int
	code        string
	contentType string
	body        []byte
	drop, cut   bool
}

// reply holds the fields of a successful answer.
type reply map[string]any

func jsonAnswer(status int, v any) answer {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err) // replies consist of strings, numbers, lists and maps
	}
	return answer{status: status, contentType: "application/json;charset=utf-8", body: b.Bytes()}
}

// errorAnswer is the error object of RAM.
func errorAnswer(hr *http.Request, requestID string, err error) answer {
	e, ok := errors.AsType[*apiError](err)
	if !ok {
		e = &apiError{http.StatusInternalServerError, "InternalError", err.Error()}
	}
	view := reply{
		"RequestId": requestID,
		"HostId":    hr.Host,
		"Code":      e.code,
		"Message":   e.message,
		"Recommend": "https://api.alibabacloud.com/troubleshoot?q=" + url.QueryEscape(e.code),
	}
	if denied, ok := errors.AsType[*accessDenied](err); ok {
		view["AccessDeniedDetail"] = denied.detail
	}
	a := jsonAnswer(e.status, view)
	a.code = e.code
	return a
}

func (a answer) write(w http.ResponseWriter) {
	if a.drop {
		panic(http.ErrAbortHandler)
	}
	if a.contentType != "" {
		w.Header().Set("Content-Type", a.contentType)
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	if !a.cut {
		_, _ = w.Write(a.body) // the client may have gone
		return
	}
	_, _ = w.Write(a.body[:len(a.body)/2])
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}
