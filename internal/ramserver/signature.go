package ramserver

import (
	"crypto/hmac"
	"crypto/sha1" // the RPC signature is HMAC-SHA1 by definition
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	v3Algorithm = "ACS3-HMAC-SHA256"
	timeLayout  = "2006-01-02T15:04:05Z"

	// clockSkew is how far a request's date may be off, and so for how long before and after it a nonce must be unique.
	clockSkew = 15 * time.Minute
)

// signature is what a signed request says about its sender.
type signature struct {
	accessKeyID   string
	securityToken string
	nonce         string
	date          string
	claimed       []byte                     // the signature that came with the request
	compute       func(secret string) []byte // the signature that should have come
}

// v3HeadersRequired must be present and signed in every V3 request.
var v3HeadersRequired = []string{
	"host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version",
}

// readSignature returns the signature of a request, or nil if it has none.
func readSignature(hr *http.Request, r request) (*signature, error) {
	switch {
	case r.Has("Signature"):
		return signatureV1(hr.Method, r.Values)
	case hr.Header.Get("Authorization") != "":
		return signatureV3(hr, r.body)
	}
	return nil, nil
}

func incomplete(what string) error {
	return badRequest("IncompleteSignature", "The request signature does not conform to Alibaba Cloud standards: %s.", what)
}

// signatureV3 reads an ACS3-HMAC-SHA256 signature. What the signature must cover is the method, the query, the body,
// host, content-type if there is one, and every x-acs header.
func signatureV3(hr *http.Request, body []byte) (*signature, error) {
	keyID, signed, claimed, err := parseAuthorization(hr.Header.Values("Authorization"))
	if err != nil {
		return nil, err
	}
	for _, name := range headersToSign(hr) {
		if !slices.Contains(signed, name) {
			return nil, incomplete("the header " + name + " is not signed")
		}
	}
	for _, name := range v3HeadersRequired {
		if headerText(hr, name) == "" {
			return nil, incomplete("the header " + name + " is missing")
		}
	}
	sum := sha256.Sum256(body)
	bodyHash := hex.EncodeToString(sum[:])
	if headerText(hr, "x-acs-content-sha256") != bodyHash {
		return nil, incomplete("x-acs-content-sha256 is not the hash of the body")
	}
	if id := headerText(hr, "x-acs-accesskey-id"); id != "" && id != keyID {
		return nil, incomplete("x-acs-accesskey-id is not the key in Credential")
	}

	canonical := canonicalV3(hr, signed, bodyHash)
	return &signature{
		accessKeyID:   keyID,
		securityToken: headerText(hr, "x-acs-security-token"),
		nonce:         headerText(hr, "x-acs-signature-nonce"),
		date:          headerText(hr, "x-acs-date"),
		claimed:       claimed,
		compute: func(secret string) []byte {
			sum := sha256.Sum256([]byte(canonical))
			mac := hmac.New(sha256.New, []byte(secret))
			mac.Write([]byte(v3Algorithm + "\n" + hex.EncodeToString(sum[:])))
			return mac.Sum(nil)
		},
	}, nil
}

// parseAuthorization takes "ACS3-HMAC-SHA256 Credential=<id>,SignedHeaders=<a;b;c>,Signature=<hex>" apart.
func parseAuthorization(values []string) (keyID string, signed []string, claimed []byte, err error) {
	if len(values) != 1 {
		return "", nil, nil, incomplete("more than one Authorization header")
	}
	rest, ok := strings.CutPrefix(values[0], v3Algorithm+" ")
	if !ok {
		return "", nil, nil, incomplete("the algorithm is not " + v3Algorithm)
	}
	fields := map[string]string{}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		if _, twice := fields[name]; twice {
			return "", nil, nil, incomplete(name + " is given twice")
		}
		fields[name] = value
	}
	claimed, err = hex.DecodeString(fields["Signature"])
	if err != nil || len(fields) != 3 || fields["Credential"] == "" || fields["SignedHeaders"] == "" || len(claimed) == 0 {
		return "", nil, nil, incomplete("Authorization needs Credential, SignedHeaders and Signature")
	}
	return fields["Credential"], strings.Split(fields["SignedHeaders"], ";"), claimed, nil
}

// headersToSign lists the headers of a request that its signature must cover.
func headersToSign(hr *http.Request) []string {
	names := slices.Clone(v3HeadersRequired)
	for name := range hr.Header {
		name = strings.ToLower(name)
		if name == "content-type" || strings.HasPrefix(name, "x-acs-") {
			names = append(names, name)
		}
	}
	return names
}

// headerText is a header as it is signed. Go keeps Host apart from the other headers.
func headerText(hr *http.Request, name string) string {
	if name == "host" {
		return hr.Host
	}
	return strings.TrimSpace(strings.Join(hr.Header.Values(name), ","))
}

func canonicalV3(hr *http.Request, signed []string, bodyHash string) string {
	signed = slices.Sorted(slices.Values(signed))
	var headers strings.Builder
	for _, name := range signed {
		headers.WriteString(name + ":" + headerText(hr, name) + "\n")
	}
	return strings.Join([]string{
		hr.Method, "/", canonicalQuery(hr.URL.Query()), headers.String(), strings.Join(signed, ";"), bodyHash,
	}, "\n")
}

// signatureV1 reads the HMAC-SHA1 signature of an RPC-style request, which covers the method and every parameter but
// itself, wherever the parameters travel.
func signatureV1(method string, params url.Values) (*signature, error) {
	for _, name := range []string{"AccessKeyId", "SignatureNonce", "Timestamp"} {
		if params.Get(name) == "" {
			return nil, incomplete("the parameter " + name + " is missing")
		}
	}
	if params.Get("SignatureMethod") != "HMAC-SHA1" || params.Get("SignatureVersion") != "1.0" {
		return nil, incomplete("the signature method must be HMAC-SHA1 of version 1.0")
	}
	claimed, err := base64.StdEncoding.Strict().DecodeString(params.Get("Signature"))
	if err != nil || len(claimed) == 0 {
		return nil, incomplete("Signature is not base64")
	}
	signed := url.Values{}
	for name, values := range params {
		if name != "Signature" {
			signed[name] = values
		}
	}
	text := method + "&%2F&" + percentEncode(canonicalQuery(signed))
	return &signature{
		accessKeyID:   params.Get("AccessKeyId"),
		securityToken: params.Get("SecurityToken"),
		nonce:         params.Get("SignatureNonce"),
		date:          params.Get("Timestamp"),
		claimed:       claimed,
		compute: func(secret string) []byte {
			mac := hmac.New(sha1.New, []byte(secret+"&"))
			mac.Write([]byte(text))
			return mac.Sum(nil)
		},
	}, nil
}

// canonicalQuery joins parameters sorted by name. Names are escaped like values; for the names that the API has,
// letters, digits and dots, that changes nothing, and no name can pass for a different set of parameters.
func canonicalQuery(params url.Values) string {
	var pairs []string
	for name, values := range params {
		for _, value := range values {
			pairs = append(pairs, percentEncode(name)+"="+percentEncode(value))
		}
	}
	slices.Sort(pairs)
	return strings.Join(pairs, "&")
}

var percentEncoding = strings.NewReplacer("+", "%20", "*", "%2A", "%7E", "~")

func percentEncode(text string) string {
	return percentEncoding.Replace(url.QueryEscape(text))
}
