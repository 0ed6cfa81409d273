package ramserver

import (
	"io"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// RAM accepts requests of at most 4 KB by GET and 10 MB by POST.
const (
	maxGETBytes  = 4 << 10
	maxPOSTBytes = 10 << 20
)

// request is one API call, read but not yet judged. Its values are the parameters of query and form body.
type request struct {
	url.Values
	id      string
	version string
	action  string
	body    []byte
	caller  caller
}

// readRequest reads what is called and with which parameters. What it understood is returned even with an error.
func (s *Server) readRequest(hr *http.Request) (request, error) {
	r := request{Values: url.Values{}}
	if hr.Method != http.MethodGet && hr.Method != http.MethodPost {
		return r, badRequest("UnsupportedHTTPMethod", "The method %s is not supported.", hr.Method)
	}
	if hr.Method == http.MethodGet && len(hr.URL.RequestURI()) > maxGETBytes {
		return r, badRequest("InvalidRequest.TooLarge", "A GET request may have at most %d bytes.", maxGETBytes)
	}
	var err error
	if r.body, err = io.ReadAll(http.MaxBytesReader(nil, hr.Body, maxPOSTBytes)); err != nil {
		return r, badRequest("InvalidRequest.TooLarge", "The body could not be read, or has more than %d bytes.", maxPOSTBytes)
	}
	if r.Values, err = parameters(hr, r.body); err != nil {
		return r, err
	}
	// An RPC signature does not cover headers, so there only the parameters count.
	r.action, r.version = r.Get("Action"), r.Get("Version")
	if !r.Has("Signature") {
		if h := hr.Header.Get("X-Acs-Action"); h != "" {
			r.action = h
		}
		if h := hr.Header.Get("X-Acs-Version"); h != "" {
			r.version = h
		}
	}
	if _, ok := actions[actionKey{r.version, r.action}]; !ok || hr.URL.Path != "/" {
		code := "InvalidAction.NotFound"
		if s.Unsure.UnknownActionAsAPI {
			code = "InvalidApi.NotFound"
		}
		return r, &apiError{http.StatusNotFound, code, "Specified api is not found, please check your url and method."}
	}
	return r, nil
}

// parameters merges query and form body. A parameter given twice is refused: a signature does not say which one counts.
func parameters(hr *http.Request, body []byte) (url.Values, error) {
	all, err := url.ParseQuery(hr.URL.RawQuery)
	if err != nil {
		return nil, badRequest("InvalidParameter.Format", "The query cannot be parsed.")
	}
	if len(body) > 0 {
		if t, _, _ := mime.ParseMediaType(hr.Header.Get("Content-Type")); t != "application/x-www-form-urlencoded" {
			return all, badRequest("UnsupportedContentType", "The body must be application/x-www-form-urlencoded.")
		}
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return all, badRequest("InvalidParameter.Format", "The body cannot be parsed.")
		}
		for k, v := range form {
			all[k] = append(all[k], v...)
		}
	}
	for k, v := range all {
		if len(v) > 1 {
			return all, badRequest("InvalidParameter.Repeated", "The parameter %s is given more than once.", k)
		}
		if !utf8.ValidString(v[0]) {
			return all, badRequest("InvalidParameter.Format", "The parameter %s is not UTF-8.", k)
		}
	}
	return all, nil
}

// commonParams belong to the protocol and may come with every action.
var commonParams = []string{
	"Action", "Version", "Format", "RegionId", "AccessKeyId", "Timestamp", "SecurityToken",
	"Signature", "SignatureNonce", "SignatureMethod", "SignatureVersion", "SignatureType",
}

var arrayIndex = regexp.MustCompile(`\.([1-9]\d*)`)

// checkKnown refuses parameters that the action does not have. Known names write an array index as N: Tag.N.Key. Indexes
// count from 1, without a gap.
func (r request) checkKnown(known []string) error {
	for name := range r.Values {
		if slices.Contains(known, name) || slices.Contains(commonParams, name) {
			continue
		}
		if !slices.Contains(known, arrayIndex.ReplaceAllString(name, ".N")) {
			return r.unknown(name)
		}
		if !r.continuesArray(name) {
			return badFormat(name, "one of an array that is numbered from 1 without a gap")
		}
	}
	return nil
}

// continuesArray reports whether an indexed parameter follows the one before it, and a Value its Key.
func (r request) continuesArray(name string) bool {
	at := arrayIndex.FindStringSubmatchIndex(name)
	array, index, field := name[:at[2]], name[at[2]:at[3]], name[at[3]:]
	if field == ".Value" {
		return r.Has(array + index + ".Key")
	}
	n, err := strconv.Atoi(index)
	return err == nil && (n == 1 || r.Has(array+strconv.Itoa(n-1)+field))
}

func (r request) unknown(name string) error {
	return badRequest("InvalidParameter.Unknown", "The action %s has no parameter %s.", r.action, name)
}

// length is the length of a text as RAM counts it.
func (s *Server) length(text string) int {
	if s.Unsure.LengthsInBytes {
		return len(text)
	}
	return utf8.RuneCountInString(text)
}

// nameRule says what a name may look like: 1 to max letters, digits and the other characters.
type nameRule struct {
	max    int
	others string
}

var (
	userNames   = nameRule{64, ".-_"}
	groupNames  = nameRule{64, ".-_"}
	policyNames = nameRule{128, "-"}
	deviceNames = nameRule{64, ".-"}

	deviceNamesIMS = nameRule{64, "-"}
)

func (rule nameRule) allows(name string) bool {
	return !strings.ContainsFunc(name, func(c rune) bool {
		return !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.ContainsRune(rule.others, c))
	})
}

// required returns a parameter that must be given.
func (s *Server) required(r request, param string) (string, error) {
	if !r.Has(param) {
		return "", s.missing(param)
	}
	return r.Get(param), nil
}

// name returns a required parameter that must follow a rule.
func (s *Server) name(r request, param string, rule nameRule) (string, error) {
	v, err := s.required(r, param)
	if err != nil {
		return "", err
	}
	return v, s.checkName(param, v, rule)
}

func (s *Server) checkName(param, value string, rule nameRule) error {
	if n := s.length(value); n < 1 || n > rule.max {
		return badLength(param, 1, rule.max)
	}
	if !rule.allows(value) {
		return badChars(param)
	}
	return nil
}

// describe sets a Comments or Description field of a group, role or policy from the parameter, if that is given.
func (s *Server) describe(field *string, r request, param string, maximum int) error {
	if !r.Has(param) {
		return nil
	}
	v := r.Get(param)
	if v == "" && s.Unsure.EmptyTextRefused || s.length(v) > maximum {
		return badLength(param, 1, maximum)
	}
	if v != "" || !s.Unsure.EmptyTextIgnored {
		*field = v
	}
	return nil
}

// boolean sets a field from the parameter, if that is given.
func (r request) boolean(field *bool, param string) error {
	if !r.Has(param) {
		return nil
	}
	switch r.Get(param) {
	case "true":
		*field = true
	case "false":
		*field = false
	default:
		return badFormat(param, "true or false")
	}
	return nil
}

// number sets a field from the parameter, if that is given.
func (r request) number(field *int, param string, minimum, maximum int) error {
	if !r.Has(param) {
		return nil
	}
	n, err := strconv.Atoi(r.Get(param))
	if err != nil {
		return badFormat(param, "a number")
	}
	if n < minimum || n > maximum {
		return badRange(param, minimum, maximum)
	}
	*field = n
	return nil
}

// choice sets a field from the parameter, if that is given, to one of the words.
func (r request) choice(field *string, param string, words ...string) error {
	if !r.Has(param) {
		return nil
	}
	if !slices.Contains(words, r.Get(param)) {
		return badFormat(param, "one of "+strings.Join(words, ", "))
	}
	*field = r.Get(param)
	return nil
}
