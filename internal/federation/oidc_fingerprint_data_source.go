package federation

import (
	"cmp"
	"context"
	"crypto/sha1"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
)

var _ datasource.DataSource = (*oidcFingerprintDataSource)(nil)

// oidcFingerprintDataSource talks to the issuer alone, so it needs no client.
type oidcFingerprintDataSource struct{}

// NewOIDCFingerprintDataSource gives the data source ram_oidc_fingerprint.
func NewOIDCFingerprintDataSource() datasource.DataSource { return &oidcFingerprintDataSource{} }

type oidcFingerprintModel struct {
	IssuerURL     types.String     `tfsdk:"issuer_url"`
	CACertificate types.String     `tfsdk:"ca_certificate_pem"`
	Fingerprint   types.String     `tfsdk:"fingerprint"`
	Subject       types.String     `tfsdk:"subject"`
	NotAfter      types.String     `tfsdk:"not_after"`
	Certificates  []certificateRow `tfsdk:"certificates"`
}

type certificateRow struct {
	Fingerprint types.String `tfsdk:"fingerprint"`
	Subject     types.String `tfsdk:"subject"`
	Issuer      types.String `tfsdk:"issuer"`
	NotAfter    types.String `tfsdk:"not_after"`
}

func (d *oidcFingerprintDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "ram_oidc_fingerprint"
}

func (d *oidcFingerprintDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The fingerprint of the root certificate that the https certificate of an OIDC issuer leads to, for `ram_oidc_provider`. " +
			"It is taken from a TLS connection to the issuer's host, and to no other, whenever Terraform reads it; the certificate must be valid for the host.\n\n" +
			"The provider follows the root when the issuer changes it. Where that should not happen unseen, put the fingerprint itself into `ram_oidc_provider`.",
		Attributes: map[string]schema.Attribute{
			"issuer_url": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Issuer as its tokens name it, an https URL without a query. Its host must be reachable without a proxy.",
				Validators:          []validator.String{issuerRule{}},
			},
			"ca_certificate_pem": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Certificates of the private authority that the issuer's certificate comes from, in PEM. They replace those that this machine trusts, which are used when it is left out.",
			},
			"fingerprint": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "SHA-1 fingerprint of the root certificate, 40 hexadecimal digits in lower case.",
			},
			"subject": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Whose certificate the root certificate is, such as `CN=ISRG Root X1,O=Internet Security Research Group,C=US`.",
			},
			"not_after": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "When the root certificate ends, in UTC, such as `2035-06-04T11:04:38Z`.",
			},
			"certificates": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The certificates from the issuer's own to the root.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"fingerprint": schema.StringAttribute{Computed: true, MarkdownDescription: "SHA-1 fingerprint of the certificate."},
					"subject":     schema.StringAttribute{Computed: true, MarkdownDescription: "Whose certificate it is."},
					"issuer":      schema.StringAttribute{Computed: true, MarkdownDescription: "Who has signed it."},
					"not_after":   schema.StringAttribute{Computed: true, MarkdownDescription: "When it ends, in UTC."},
				}},
			},
		},
	}
}

// connectFor is how long the issuer's host may take.
const connectFor = 15 * time.Second

func (d *oidcFingerprintDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model oidcFingerprintModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	var roots *x509.CertPool // nil: those of the machine
	if !model.CACertificate.IsNull() {
		roots = x509.NewCertPool()
		if !roots.AppendCertsFromPEM([]byte(model.CACertificate.ValueString())) {
			resp.Diagnostics.AddAttributeError(path.Root("ca_certificate_pem"), "Invalid certificate", "ca_certificate_pem has no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----.")
			return
		}
	}
	chain, err := certificatesOf(ctx, model.IssuerURL.ValueString(), roots)
	if errors.As(err, new(*tls.CertificateVerificationError)) {
		// Whoever sits between could have presented any certificate.
		err = fmt.Errorf("%w. A certificate that cannot be verified is nothing to trust. Where it comes from a private authority, give that as ca_certificate_pem", err)
	}
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read the certificate of the OIDC issuer %s", model.IssuerURL)
		return
	}
	model.Certificates = nil
	for _, c := range chain {
		model.Certificates = append(model.Certificates, certificateRow{
			Fingerprint: types.StringValue(fingerprint(c)),
			Subject:     types.StringValue(c.Subject.String()),
			Issuer:      types.StringValue(c.Issuer.String()),
			NotAfter:    types.StringValue(c.NotAfter.UTC().Format(time.RFC3339)),
		})
	}
	root := model.Certificates[len(model.Certificates)-1]
	model.Fingerprint, model.Subject, model.NotAfter = root.Fingerprint, root.Subject, root.NotAfter
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

// fingerprint is what RAM calls the fingerprint of an issuer. Its documentation
// has it of the root certificate: "the SHA-1 thumbprint of the IdP's root CA
// certificate", made with `openssl x509 -fingerprint -sha1` from the last
// certificate that `openssl s_client -showcerts` shows for the host of the
// issuer; in examples it is in lower case and has no colons. But many servers
// send no root, and the last certificate that they do send is an intermediate
// one: whoever pins that loses all sign-ons when the issuer changes it.
func fingerprint(c *x509.Certificate) string {
	sum := sha1.Sum(c.Raw)
	return hex.EncodeToString(sum[:])
}

// certificatesOf gives the verified certificates of an issuer, its own first and
// the root last.
func certificatesOf(ctx context.Context, issuerURL string, roots *x509.CertPool) ([]*x509.Certificate, error) {
	issuer, err := url.Parse(issuerURL)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, connectFor)
	defer cancel()
	dialer := tls.Dialer{Config: &tls.Config{ServerName: issuer.Hostname(), RootCAs: roots, MinVersion: tls.VersionTLS12}}
	connection, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(issuer.Hostname(), cmp.Or(issuer.Port(), "443")))
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	state := connection.(*tls.Conn).ConnectionState()
	return likeliestChain(state.VerifiedChains, state.PeerCertificates), nil
}

// likeliestChain gives the chain whose root the server itself has sent or else,
// of several to which authorities that sign each other may lead, the shortest.
func likeliestChain(chains [][]*x509.Certificate, sent []*x509.Certificate) []*x509.Certificate {
	distance := func(chain []*x509.Certificate) int {
		if slices.ContainsFunc(sent, chain[len(chain)-1].Equal) {
			return 0
		}
		return len(chain)
	}
	return slices.MinFunc(chains, func(a, b []*x509.Certificate) int { return distance(a) - distance(b) })
}
