package ramserver

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"
)

type samlProvider struct {
	Name          string    `json:"SAMLProviderName"`
	Metadata      string    `json:"EncodedSAMLMetadataDocument"` // base64
	Description   string    `json:"Description"`
	AuthnSignAlgo string    `json:"AuthnSignAlgo"`
	CreateDate    time.Time `json:"CreateDate"`
	UpdateDate    time.Time `json:"UpdateDate"`

	newborn
}

// The algorithms by which Alibaba Cloud signs requests to a SAML identity provider.
const (
	rsaSHA1   = "rsa-sha1" // unless told
	rsaSHA256 = "rsa-sha256"
)

const maxProviders = 100 // identity providers on one page of a list

func samlProviderName(p *samlProvider) string { return p.Name }

// providerNames are the names of identity providers, which marks neither begin nor end.
var providerNames = nameRule{128, ".-_"}

func (s *Server) providerName(r request, param string) (string, error) {
	name, err := s.name(r, param, providerNames)
	if err == nil && strings.Trim(name, providerNames.others) != name {
		return "", badChars(param)
	}
	return name, err
}

// namedSAMLProvider returns the SAML provider that a request names.
func (s *Server) namedSAMLProvider(r request) (*samlProvider, error) {
	name, err := s.providerName(r, "SAMLProviderName")
	if err != nil {
		return nil, err
	}
	if p := s.state.SAMLProviders[name]; p != nil && p.visible() {
		return p, nil
	}
	entity := "SAMLProvider"
	if s.Unsure.SAMLProviderErrorCode {
		entity = "SAMLProviderError"
	}
	return nil, notExist(entity, "The SAML provider does not exist: %s.", name)
}

func (s *Server) createSAMLProvider(r request) (reply, error) {
	name, err := s.providerName(r, "SAMLProviderName")
	if err != nil {
		return nil, err
	}
	if !r.Has("EncodedSAMLMetadataDocument") {
		return nil, s.missing("EncodedSAMLMetadataDocument")
	}
	now := s.now()
	p := &samlProvider{Name: name, AuthnSignAlgo: rsaSHA1, CreateDate: now, UpdateDate: now}
	if err := s.changeSAMLProvider(p, r, ""); err != nil {
		return nil, err
	}
	if s.state.SAMLProviders[name] != nil {
		return nil, alreadyExists("SAMLProvider", "The SAML provider already exists: %s.", name)
	}
	if limit := s.quotas().SAMLProviders; len(s.state.SAMLProviders) >= limit {
		return nil, limitExceeded("SAMLProvider", limit)
	}
	p.newborn = s.newborn()
	s.state.SAMLProviders[name] = p
	return reply{"SAMLProvider": s.samlProviderView(p)}, nil
}

// changeSAMLProvider sets what a request says about a SAML provider, in parameters with a prefix ("" or "New"). No
// limit on the description is documented.
func (s *Server) changeSAMLProvider(p *samlProvider, r request, prefix string) error {
	if param := prefix + "EncodedSAMLMetadataDocument"; r.Has(param) {
		if err := checkMetadata(param, r.Get(param)); err != nil {
			return err
		}
		p.Metadata = r.Get(param)
	}
	if err := s.describe(&p.Description, r, prefix+"Description", math.MaxInt); err != nil {
		return err
	}
	return r.choice(&p.AuthnSignAlgo, "AuthnSignAlgo", rsaSHA1, rsaSHA256)
}

func (s *Server) getSAMLProvider(r request) (reply, error) {
	p, err := s.namedSAMLProvider(r)
	if err != nil {
		return nil, err
	}
	view := s.samlProviderView(p)
	view["EncodedSAMLMetadataDocument"] = s.metadataView(p.Metadata)
	return reply{"SAMLProvider": view}, nil
}

func (s *Server) listSAMLProviders(r request) (reply, error) {
	all, marker, err := page(s, r, sorted(s, s.state.SAMLProviders, samlProviderName), samlProviderName, maxProviders, maxProviders)
	if err != nil {
		return nil, err
	}
	return listReply("SAMLProviders", "SAMLProvider", each(all, func(p *samlProvider) reply {
		view := s.samlProviderView(p)
		delete(view, "AuthnSignAlgo")
		return view
	}), marker), nil
}

func (s *Server) updateSAMLProvider(r request) (reply, error) {
	p, err := s.namedSAMLProvider(r)
	if err != nil {
		return nil, err
	}
	if !r.Has("NewDescription") && !r.Has("NewEncodedSAMLMetadataDocument") {
		return nil, s.missing("NewDescription")
	}
	changed := *p
	if s.Unsure.UpdateSAMLProviderResets {
		changed.AuthnSignAlgo = rsaSHA1
	}
	if err := s.changeSAMLProvider(&changed, r, "New"); err != nil {
		return nil, err
	}
	changed.UpdateDate = s.now()
	*p = changed
	return reply{"SAMLProvider": s.samlProviderView(p)}, nil
}

func (s *Server) deleteSAMLProvider(r request) (reply, error) {
	p, err := s.namedSAMLProvider(r)
	if err != nil {
		return nil, err
	}
	delete(s.state.SAMLProviders, p.Name)
	return nil, nil
}

// samlProviderView has no metadata: only GetSAMLProvider shows it.
func (s *Server) samlProviderView(p *samlProvider) reply {
	return reply{
		"SAMLProviderName": p.Name,
		"Arn":              s.arn("saml-provider/" + p.Name),
		"Description":      p.Description,
		"AuthnSignAlgo":    p.AuthnSignAlgo,
		"CreateDate":       timestamp(p.CreateDate),
		"UpdateDate":       timestamp(p.UpdateDate),
	}
}

// metadataView is stored metadata as it is shown: base64, in lines of 76 characters where Unsure says so.
func (s *Server) metadataView(encoded string) string {
	if !s.Unsure.MetadataInLines {
		return encoded
	}
	var lines strings.Builder
	for line := range slices.Chunk([]byte(encoded), 76) {
		lines.Write(line)
		lines.WriteByte('\n')
	}
	return lines.String()
}

// checkMetadata refuses what is not the base64 of an XML document about one SAML entity.
func checkMetadata(param, encoded string) error {
	text, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return badFormat(param, "base64")
	}
	if err := checkEntityDescriptor(text); err != nil {
		return badFormat(param, "the metadata of a SAML identity provider: "+err.Error())
	}
	return nil
}

func checkEntityDescriptor(text []byte) error {
	d := xml.NewDecoder(bytes.NewReader(text))
	root := ""
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if start, ok := token.(xml.StartElement); ok && root == "" {
			root = start.Name.Local
		}
	}
	if root != "EntityDescriptor" {
		return fmt.Errorf("the root is %q, not EntityDescriptor", root)
	}
	return nil
}
