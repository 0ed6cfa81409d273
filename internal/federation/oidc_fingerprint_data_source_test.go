package federation_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha1"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
)

// certificate is one of an authority's, or a server's.
type certificate struct {
	*x509.Certificate
	key *ecdsa.PrivateKey
}

// signs makes a certificate that this one signs; of the zero value, one that
// signs itself.
func (c certificate) signs(t *testing.T, name string, isCA bool) certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name, Organization: []string{"Example"}},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Date(2099, time.January, 1, 0, 0, 0, 0, time.UTC),
		IsCA: isCA, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	if !isCA {
		template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	}
	parent, signer := c.Certificate, c.key
	if parent == nil {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return certificate{parsed, key}
}

func (c certificate) pem() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))
}

func (c certificate) fingerprint() string {
	sum := sha1.Sum(c.Raw)
	return hex.EncodeToString(sum[:])
}

// issuer serves https with the certificates, the first of which is its own, and
// counts the requests that it gets.
func issuer(t *testing.T, chain ...certificate) (url string, requests *atomic.Int32) {
	t.Helper()
	requests = new(atomic.Int32)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { requests.Add(1) }))
	pair := tls.Certificate{PrivateKey: chain[0].key}
	for _, c := range chain {
		pair.Certificate = append(pair.Certificate, c.Raw)
	}
	server.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.URL, requests
}

func fingerprintConfig(url, ca string) string {
	return fmt.Sprintf("data \"ram_oidc_fingerprint\" \"this\" {\nissuer_url = %q\nca_certificate_pem = %s\n}", url, ca)
}

func TestAccOIDCFingerprint_isThatOfTheRootWhichTheServerDoesNotSend(t *testing.T) {
	t.Parallel()
	root := certificate{}.signs(t, "Root", true)
	between := root.signs(t, "Between", true)
	own := between.signs(t, "Issuer", false)
	for name, sent := range map[string][]certificate{"without the root": {own, between}, "with the root": {own, between, root}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, requests := issuer(t, sent...)
			const address = "data.ram_oidc_fingerprint.this"
			certificateOf := func(c certificate, subject, by string) knownvalue.Check {
				return knownvalue.ObjectExact(map[string]knownvalue.Check{
					"fingerprint": knownvalue.StringExact(c.fingerprint()), "not_after": knownvalue.StringExact("2099-01-01T00:00:00Z"),
					"subject": knownvalue.StringExact("CN=" + subject + ",O=Example"), "issuer": knownvalue.StringExact("CN=" + by + ",O=Example"),
				})
			}
			acctest.NewLocal(t).Run(t, resource.TestStep{
				Config: fingerprintConfig(url+"/a/path", fmt.Sprintf("%q", root.pem())),
				ConfigStateChecks: []statecheck.StateCheck{
					acctest.State(address, "fingerprint", root.fingerprint()),
					acctest.State(address, "subject", "CN=Root,O=Example"),
					acctest.State(address, "not_after", "2099-01-01T00:00:00Z"),
					acctest.State(address, "certificates", knownvalue.ListExact([]knownvalue.Check{
						certificateOf(own, "Issuer", "Between"), certificateOf(between, "Between", "Root"), certificateOf(root, "Root", "Root"),
					})),
				},
			})
			if n := requests.Load(); n > 0 {
				t.Errorf("the issuer got %d requests", n)
			}
		})
	}
}

func TestAccOIDCFingerprint_theExampleOfTheDocumentationIsApplied(t *testing.T) {
	t.Parallel()
	root := certificate{}.signs(t, "Root", true)
	url, _ := issuer(t, root.signs(t, "Issuer", false))
	example, err := os.ReadFile("../../examples/data-sources/ram_oidc_fingerprint/data-source.tf")
	if err != nil {
		t.Fatal(err)
	}
	const github = `issuer_url = "https://token.actions.githubusercontent.com"`
	config := strings.Replace(string(example), github, fmt.Sprintf("issuer_url = %q\nca_certificate_pem = %q", url, root.pem()), 1)
	if config == string(example) {
		t.Fatalf("the example has no %s", github)
	}
	acctest.NewLocal(t).Run(t,
		resource.TestStep{
			Config:            config,
			ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_oidc_provider.github", "fingerprints", set(root.fingerprint()))},
		},
		resource.TestStep{Config: config, ConfigPlanChecks: acctest.PlansNothing()},
	)
}

func TestAccOIDCFingerprint_whatCannotBeVerifiedIsRefused(t *testing.T) {
	t.Parallel()
	root, other := certificate{}.signs(t, "Root", true), certificate{}.signs(t, "Other", true)
	url, _ := issuer(t, root.signs(t, "Issuer", false), root)
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	acc := acctest.NewLocal(t)
	for config, message := range map[string]string{
		fingerprintConfig(url, "null"):                                                                      `(?s)cannot be\s+verified.*ca_certificate_pem`,
		fingerprintConfig(url, fmt.Sprintf("%q", other.pem())):                                              `(?s)cannot be\s+verified.*ca_certificate_pem`,
		fingerprintConfig(strings.Replace(url, "127.0.0.1", "localhost", 1), fmt.Sprintf("%q", root.pem())): `(?s)cannot be\s+verified`,
		fingerprintConfig(url, `"none"`):                                                                    `has no certificate`,
		fingerprintConfig("https://"+closed.Addr().String(), "null"):                                        `Unable to read the certificate`,
		fingerprintConfig(strings.Replace(url, "https", "http", 1), "null"):                                 `is not an\s+https URL`,
	} {
		acc.Run(t, resource.TestStep{Config: config, ExpectError: regexp.MustCompile(message)})
	}
}
