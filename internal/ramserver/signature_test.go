package ramserver

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The vectors were computed outside Go, from the text of the documentation.
const (
	vectorID     = "testid"
	vectorSecret = "yourAccessKeySecret-0123456789"
	vectorQuery  = "UserName=alice&Comments=a+b%2Ac~d%2F%E4%B8%AD%2Be%26f%3Dg&DisplayName="
	vectorV3     = "1191170cc1eb28da97b1bd0451fa9ab4615cc1b7e5b814c0162e3d917102da29"
	vectorV1     = "IJT3JP/XAYwHOA3SqVGqAGOZYMM="
)

var vectorTime = time.Date(2026, 11, 21, 23, 1, 0, 0, time.UTC)

// vectorServer knows the key of the vectors, at the time of the vectors.
func vectorServer() *Server {
	s := &Server{Now: func() time.Time { return vectorTime }}
	s.lock()
	defer s.mu.Unlock()
	s.state.AccessKeys[vectorID] = &accessKey{AccessKeyID: vectorID, AccessKeySecret: vectorSecret, Status: active}
	return s
}

func vectorRequestV3() *http.Request {
	hr := httptest.NewRequest(http.MethodPost, "http://ram.aliyuncs.com/?"+vectorQuery, nil)
	for name, value := range map[string]string{
		"x-acs-action":          "CreateUser",
		"x-acs-content-sha256":  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"x-acs-date":            "2026-11-21T23:01:00Z",
		"x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
		"x-acs-version":         ramVersion,
		"Authorization": "ACS3-HMAC-SHA256 Credential=" + vectorID + ",SignedHeaders=host;x-acs-action;x-acs-content-sha256;" +
			"x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=" + vectorV3,
	} {
		hr.Header.Set(name, value)
	}
	return hr
}

func vectorParamsV1() url.Values {
	return url.Values{
		"Action": {"CreateUser"}, "Version": {ramVersion}, "Format": {"JSON"}, "AccessKeyId": {vectorID},
		"Timestamp": {"2026-11-21T23:01:00Z"}, "SignatureNonce": {"n1"}, "SignatureMethod": {"HMAC-SHA1"},
		"SignatureVersion": {"1.0"}, "UserName": {"alice"}, "Comments": {"a b*c~d/中+e&f=g"}, "Signature": {vectorV1},
	}
}

// formRequest sends parameters in a form body.
func formRequest(p url.Values) *http.Request {
	hr := httptest.NewRequest(http.MethodPost, "http://ram.aliyuncs.com/", strings.NewReader(p.Encode()))
	hr.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return hr
}

func TestSignatureVectors(t *testing.T) {
	for name, hr := range map[string]*http.Request{
		"V3":          vectorRequestV3(),
		"V1 in query": httptest.NewRequest(http.MethodPost, "http://ram.aliyuncs.com/?"+vectorParamsV1().Encode(), nil),
		"V1 in body":  formRequest(vectorParamsV1()),
	} {
		status, b := send(t, vectorServer(), hr)
		if status != 200 || b.text("User.Comments") != "a b*c~d/中+e&f=g" {
			t.Errorf("%s: %d %v", name, status, b)
		}
	}
}

func TestV3CoversEveryPartOfTheRequest(t *testing.T) {
	header := func(name, value string) func(*http.Request) {
		return func(hr *http.Request) { hr.Header.Set(name, value) }
	}
	auth := func(from, to string) func(*http.Request) {
		return func(hr *http.Request) {
			hr.Header.Set("Authorization", strings.Replace(hr.Header.Get("Authorization"), from, to, 1))
		}
	}
	tests := map[string]struct {
		alter func(*http.Request)
		code  string
	}{
		"method":                  {func(hr *http.Request) { hr.Method = http.MethodGet }, "SignatureDoesNotMatch"},
		"host":                    {func(hr *http.Request) { hr.Host = "evil.example.com" }, "SignatureDoesNotMatch"},
		"parameter":               {func(hr *http.Request) { hr.URL.RawQuery += "x" }, "SignatureDoesNotMatch"},
		"one more parameter":      {func(hr *http.Request) { hr.URL.RawQuery += "&Email=a@example.com" }, "SignatureDoesNotMatch"},
		"action":                  {header("x-acs-action", "GetUser"), "SignatureDoesNotMatch"},
		"version":                 {header("x-acs-version", imsVersion), "SignatureDoesNotMatch"},
		"nonce":                   {header("x-acs-signature-nonce", "other"), "SignatureDoesNotMatch"},
		"date":                    {header("x-acs-date", "2026-11-21T23:01:01Z"), "SignatureDoesNotMatch"},
		"signature":               {auth(vectorV3, strings.Repeat("0", 64)), "SignatureDoesNotMatch"},
		"empty signature":         {auth(vectorV3, ""), "IncompleteSignature"},
		"old date":                {header("x-acs-date", "2026-11-21T22:45:59Z"), "InvalidTimeStamp.Expired"},
		"future date":             {header("x-acs-date", "2026-11-21T23:16:01Z"), "InvalidTimeStamp.Expired"},
		"odd date":                {header("x-acs-date", "21 Nov 2026"), "InvalidTimeStamp.Format"},
		"key":                     {auth(vectorID, "other"), "InvalidAccessKeyId.NotFound"},
		"algorithm":               {auth("SHA256", "SM3"), "IncompleteSignature"},
		"unsigned host":           {auth("host;", ""), "IncompleteSignature"},
		"unsigned version":        {auth(";x-acs-version", ""), "IncompleteSignature"},
		"unsigned extra header":   {header("x-acs-security-token", "x"), "IncompleteSignature"},
		"unsigned content type":   {header("Content-Type", "text/plain"), "IncompleteSignature"},
		"no nonce":                {func(hr *http.Request) { hr.Header.Del("x-acs-signature-nonce") }, "IncompleteSignature"},
		"hash of another body":    {header("x-acs-content-sha256", strings.Repeat("0", 64)), "IncompleteSignature"},
		"no signature":            {func(hr *http.Request) { hr.Header.Del("Authorization") }, "IncompleteSignature"},
		"second authorization":    {func(hr *http.Request) { hr.Header.Add("Authorization", "x") }, "IncompleteSignature"},
		"key named twice":         {auth("Credential=", "Credential=x,Credential="), "IncompleteSignature"},
		"other key in the header": {header("x-acs-accesskey-id", "x"), "IncompleteSignature"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			hr := vectorRequestV3()
			tt.alter(hr)
			if status, b := send(t, vectorServer(), hr); status < 400 || b.text("Code") != tt.code {
				t.Errorf("got %d %v, want %s", status, b, tt.code)
			}
		})
	}
}

func TestV3CoversTheBody(t *testing.T) {
	for hashed, want := range map[string]string{"UserName=alice": "", "UserName=bob": "IncompleteSignature"} {
		hr := formRequest(url.Values{"UserName": {"alice"}})
		maps.Copy(hr.Header, requestV3(ramVersion, "CreateUser", nil, vectorTime).Header)
		hr.Header.Set("x-acs-content-sha256", fmt.Sprintf("%x", sha256.Sum256([]byte(hashed))))
		signV3(hr, vectorID, vectorSecret)
		if _, b := send(t, vectorServer(), hr); b.text("Code") != want {
			t.Errorf("the hash of %q is signed: %v", hashed, b)
		}
	}
}

func TestV1CoversEveryParameter(t *testing.T) {
	for name, tt := range map[string]struct{ param, value, code string }{
		"parameter": {"UserName", "bob", "SignatureDoesNotMatch"},
		"action":    {"Action", "DeleteUser", "SignatureDoesNotMatch"},
		"one more":  {"Email", "a@example.com", "SignatureDoesNotMatch"},
		"nonce":     {"SignatureNonce", "n2", "SignatureDoesNotMatch"},
		"signature": {"Signature", "AAAA", "SignatureDoesNotMatch"},
		"no base64": {"Signature", "!", "IncompleteSignature"},
		"method":    {"SignatureMethod", "HMAC-MD5", "IncompleteSignature"},
		"version":   {"SignatureVersion", "2.0", "IncompleteSignature"},
		"no nonce":  {"SignatureNonce", "", "IncompleteSignature"},
		"old":       {"Timestamp", "2026-11-21T22:00:00Z", "InvalidTimeStamp.Expired"},
		"key":       {"AccessKeyId", "other", "InvalidAccessKeyId.NotFound"},
		"token":     {"SecurityToken", "x", "InvalidSecurityToken.MismatchWithAccessKey"},
	} {
		t.Run(name, func(t *testing.T) {
			p := vectorParamsV1()
			p.Set(tt.param, tt.value)
			if _, b := send(t, vectorServer(), formRequest(p)); b.text("Code") != tt.code {
				t.Errorf("got %v, want %s", b, tt.code)
			}
		})
	}
	t.Run("header action does not count", func(t *testing.T) {
		hr := formRequest(vectorParamsV1())
		hr.Header.Set("x-acs-action", "DeleteUser")
		if status, b := send(t, vectorServer(), hr); status != 200 {
			t.Errorf("got %v", b)
		}
	})
}

func TestV1SignsCallsByGETAndOfSessions(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	c.ram("CreateRole", "RoleName=r", "AssumeRolePolicyDocument="+trustDocument)
	session := assumed(t, &s, c.sts("AssumeRole", roleR, named))
	p := signedV1(http.MethodGet, stsVersion, "GetCallerIdentity", session.id, session.secret,
		params("SecurityToken="+session.token), s.now())
	if status, b := send(t, &s, httptest.NewRequest(http.MethodGet, "/?"+p.Encode(), nil)); status != 200 || b.text("IdentityType") != "AssumedRoleUser" {
		t.Errorf("got %d %v", status, b)
	}
}

func TestAParameterGivenTwiceIsRefused(t *testing.T) {
	p := vectorParamsV1()
	hr := formRequest(p)
	hr.URL.RawQuery = "UserName=bob"
	if status, b := send(t, vectorServer(), hr); status != 400 || b.text("Code") != "InvalidParameter.Repeated" {
		t.Errorf("got %d %v", status, b)
	}
}

func TestANonceCountsOnce(t *testing.T) {
	s := vectorServer()
	send(t, s, vectorRequestV3())
	if _, b := send(t, s, vectorRequestV3()); b.text("Code") != "SignatureNonceUsed" {
		t.Errorf("V3: %v", b)
	}
	forged := vectorParamsV1()
	forged.Set("UserName", "bob")
	send(t, s, formRequest(forged)) // must not use the nonce up
	if _, b := send(t, s, formRequest(vectorParamsV1())); b.text("Code") != "EntityAlreadyExists.User" {
		t.Errorf("V1: %v", b)
	}
	if _, b := send(t, s, formRequest(vectorParamsV1())); b.text("Code") != "SignatureNonceUsed" {
		t.Errorf("V1 again: %v", b)
	}
}

func TestOldNoncesAreForgotten(t *testing.T) {
	now := time.Now()
	s := Server{Now: func() time.Time { return now }, nonces: map[string]time.Time{}}
	const perWindow = 20_000
	for i := range 5 * perWindow {
		now = now.Add(2 * clockSkew / perWindow)
		if err := s.useNonce(&signature{nonce: strconv.Itoa(i)}); err != nil {
			t.Fatal(err)
		}
		if len(s.nonces) > 2*perWindow+10 {
			t.Fatalf("after %d calls %d nonces are kept", i, len(s.nonces))
		}
	}
	if err := s.useNonce(&signature{nonce: strconv.Itoa(4*perWindow + 10)}); err == nil {
		t.Error("a nonce that is too young for it has been forgotten")
	}
}

func TestSignatureStatusesAreUnsure(t *testing.T) {
	s := vectorServer()
	s.Unsure = Unsure{SignatureMismatchAs403: true, UnknownKeyAs400: true, SecurityTokenAs403: true}
	for param, want := range map[string]string{
		"UserName":      "403 SignatureDoesNotMatch",
		"AccessKeyId":   "400 InvalidAccessKeyId.NotFound",
		"SecurityToken": "403 InvalidSecurityToken.MismatchWithAccessKey",
	} {
		p := vectorParamsV1()
		p.Set(param, "other")
		status, b := send(t, s, formRequest(p))
		if got := fmt.Sprint(status, " ", b.text("Code")); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// meaning is all of a request that its signature vouches for.
func meaning(hr *http.Request, r request) string {
	p := maps.Clone(r.Values)
	delete(p, "Signature") // base64 and hex have more than one spelling of the same bytes
	text := fmt.Sprintf("%s %s %s %s", hr.Method, r.version, r.action, p.Encode())
	if !r.Has("Signature") {
		text += fmt.Sprintf(" %s %s %s %s %s", hr.Host, headerText(hr, "x-acs-date"), headerText(hr, "x-acs-signature-nonce"),
			headerText(hr, "x-acs-security-token"), r.body)
	}
	return text
}

// accepted reports what a request means if a server takes it for genuine, and an empty string otherwise.
func accepted(hr *http.Request) string {
	s := vectorServer()
	r, err := s.readRequest(hr)
	if err != nil {
		return ""
	}
	if who, err := s.authenticate(hr, r); err != nil || who.AccessKeyID == "" {
		return ""
	}
	return meaning(hr, r)
}

func FuzzSignatureV3(f *testing.F) {
	genuine := accepted(vectorRequestV3())
	if genuine == "" {
		f.Fatal("the genuine request is refused")
	}
	authorization := vectorRequestV3().Header.Get("Authorization")
	f.Add("POST", "ram.aliyuncs.com", vectorQuery, "", "X-Acs-Action", "CreateUser", authorization)
	f.Add("POST", "ram.aliyuncs.com", "Comments=a%20b&UserName=alice%26DisplayName=", "", "x-acs-action", "DeleteUser", authorization)
	f.Add("GET", "ram.aliyuncs.com", vectorQuery, "UserName=bob", "Content-Type", "application/x-www-form-urlencoded", "ACS3-HMAC-SHA256 Credential=,")
	f.Fuzz(func(t *testing.T, method, host, query, body, name, value, authorization string) {
		hr := vectorRequestV3()
		hr.Method, hr.Host, hr.URL.RawQuery = method, host, query
		hr.Body = io.NopCloser(bytes.NewBufferString(body))
		hr.Header.Set("Authorization", authorization)
		hr.Header.Add(name, value)
		if got := accepted(hr); got != "" && got != genuine {
			t.Errorf("accepted %q, which nobody signed", got)
		}
	})
}

func FuzzSignatureV1(f *testing.F) {
	genuine := accepted(formRequest(vectorParamsV1()))
	if genuine == "" {
		f.Fatal("the genuine request is refused")
	}
	form := vectorParamsV1().Encode()
	f.Add("POST", "", form, "x-acs-action", "DeleteUser")
	f.Add("POST", form, "", "x-acs-version", "2015-05-01")
	f.Add("POST", "UserName=bob", form, "Authorization", "ACS3-HMAC-SHA256 x")
	f.Add("GET", form, "Signature="+hex.EncodeToString([]byte("x")), "Content-Type", "text/plain")
	f.Fuzz(func(t *testing.T, method, query, body, name, value string) {
		hr := formRequest(nil)
		hr.Method, hr.URL.RawQuery = method, query
		hr.Body = io.NopCloser(bytes.NewBufferString(body))
		hr.Header.Add(name, value)
		if got := accepted(hr); got != "" && got != genuine {
			t.Errorf("accepted %q, which nobody signed", got)
		}
	})
}
