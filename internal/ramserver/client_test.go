package ramserver

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sort"
	"strings"
	"testing"
	"time"
)

// testClient signs calls and sends them to a server without a network. It shares no code with the server.
type testClient struct {
	t                 *testing.T
	s                 *Server
	id, secret, token string
}

func rootClient(t *testing.T, s *Server) *testClient {
	t.Helper()
	id, secret := s.RootAccessKey()
	return &testClient{t: t, s: s, id: id, secret: secret}
}

// body is the JSON of an answer.
type body map[string]any

// at walks into an answer: names of fields, and indexes of lists as in "0".
func (b body) at(path string) any {
	var v any = map[string]any(b)
	for step := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[step]
		case []any:
			i := int(step[0] - '0')
			if i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}

func (b body) text(path string) string {
	text, _ := b.at(path).(string)
	return text
}

func (b body) list(path string) []any {
	l, _ := b.at(path).([]any)
	return l
}

// params builds values from "Name=value" texts.
func params(pairs ...string) url.Values {
	v := url.Values{}
	for _, p := range pairs {
		name, value, _ := strings.Cut(p, "=")
		v.Set(name, value)
	}
	return v
}

// requestV3 builds a request as the Go SDK sends it, yet unsigned: parameters in the query, an empty body.
func requestV3(version, action string, p url.Values, now time.Time) *http.Request {
	hr := httptest.NewRequest(http.MethodPost, "http://ram.example.com/?"+p.Encode(), nil)
	hr.Header.Set("x-acs-action", action)
	hr.Header.Set("x-acs-version", version)
	hr.Header.Set("x-acs-date", now.UTC().Format("2006-01-02T15:04:05Z"))
	hr.Header.Set("x-acs-signature-nonce", rand.Text())
	hr.Header.Set("x-acs-content-sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
	return hr
}

// signV3 signs by the text of the documentation: all x-acs headers, host, and content-type if present.
func signV3(hr *http.Request, id, secret string) {
	var names []string
	for name := range hr.Header {
		name = strings.ToLower(name)
		if strings.HasPrefix(name, "x-acs-") || name == "content-type" {
			names = append(names, name)
		}
	}
	names = append(names, "host")
	sort.Strings(names)
	var headers string
	for _, name := range names {
		value := hr.Header.Get(name)
		if name == "host" {
			value = hr.Host
		}
		headers += name + ":" + strings.TrimSpace(value) + "\n"
	}
	canonical := hr.Method + "\n/\n" + queryV3(hr.URL.Query()) + "\n" + headers + "\n" +
		strings.Join(names, ";") + "\n" + hr.Header.Get("x-acs-content-sha256")
	hash := sha256.Sum256([]byte(canonical))
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("ACS3-HMAC-SHA256\n" + hex.EncodeToString(hash[:])))
	hr.Header.Set("Authorization", "ACS3-HMAC-SHA256 Credential="+id+",SignedHeaders="+strings.Join(names, ";")+
		",Signature="+hex.EncodeToString(mac.Sum(nil)))
}

// queryV3 does not escape keys, as the Go SDK does not.
func queryV3(p url.Values) string {
	var pairs []string
	for k := range p {
		pairs = append(pairs, k+"="+escapeRFC3986(p.Get(k)))
	}
	sort.Strings(pairs)
	return strings.Join(pairs, "&")
}

func escapeRFC3986(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-_.~", c) >= 0 {
			b.WriteByte(c)
		} else {
			b.WriteString("%" + strings.ToUpper(hex.EncodeToString([]byte{c})))
		}
	}
	return b.String()
}

// signedV1 adds the common parameters of the RPC style and their signature.
func signedV1(method, version, action, id, secret string, p url.Values, now time.Time) url.Values {
	all := url.Values{}
	for k := range p {
		all.Set(k, p.Get(k))
	}
	for k, v := range map[string]string{
		"Action": action, "Version": version, "Format": "JSON", "AccessKeyId": id,
		"Timestamp": now.UTC().Format("2006-01-02T15:04:05Z"), "SignatureNonce": rand.Text(),
		"SignatureMethod": "HMAC-SHA1", "SignatureVersion": "1.0",
	} {
		all.Set(k, v)
	}
	var pairs []string
	for k := range all {
		pairs = append(pairs, escapeRFC3986(k)+"="+escapeRFC3986(all.Get(k)))
	}
	sort.Strings(pairs)
	mac := hmac.New(sha1.New, []byte(secret+"&"))
	mac.Write([]byte(method + "&%2F&" + escapeRFC3986(strings.Join(pairs, "&"))))
	all.Set("Signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	return all
}

// send returns the status and the JSON of the answer.
func send(t *testing.T, s *Server, hr *http.Request) (int, body) {
	t.Helper()
	w := httptest.NewRecorder()
	s.ServeHTTP(w, hr)
	var b body
	if err := json.Unmarshal(w.Body.Bytes(), &b); err != nil {
		t.Fatalf("the answer is not JSON: %q", w.Body)
	}
	if b.text("RequestId") == "" {
		t.Errorf("no RequestId in %v", b)
	}
	return w.Code, b
}

func (c *testClient) do(version, action string, pairs ...string) (int, body) {
	c.t.Helper()
	hr := requestV3(version, action, params(pairs...), c.s.now())
	if c.token != "" {
		hr.Header.Set("x-acs-security-token", c.token)
		hr.Header.Set("x-acs-accesskey-id", c.id)
	}
	signV3(hr, c.id, c.secret)
	return send(c.t, c.s, hr)
}

// ram, ims, sts and rm make a call that must succeed.
func (c *testClient) ram(action string, pairs ...string) body {
	c.t.Helper()
	return c.must(ramVersion, action, pairs)
}

func (c *testClient) ims(action string, pairs ...string) body {
	c.t.Helper()
	return c.must(imsVersion, action, pairs)
}

func (c *testClient) sts(action string, pairs ...string) body {
	c.t.Helper()
	return c.must(stsVersion, action, pairs)
}

func (c *testClient) rm(action string, pairs ...string) body {
	c.t.Helper()
	return c.must(rmVersion, action, pairs)
}

func (c *testClient) must(version, action string, pairs []string) body {
	c.t.Helper()
	status, b := c.do(version, action, pairs...)
	if status != http.StatusOK {
		c.t.Fatalf("%s %v: status %d, %s: %s", action, pairs, status, b.text("Code"), b.text("Message"))
	}
	return b
}

// refused makes a call that must fail with a status and a code.
func (c *testClient) refused(status int, code, version, action string, pairs ...string) {
	c.t.Helper()
	got, b := c.do(version, action, pairs...)
	if got != status || b.text("Code") != code {
		c.t.Errorf("%s %v: got %d %q (%s), want %d %q", action, pairs, got, b.text("Code"), b.text("Message"), status, code)
	}
}
