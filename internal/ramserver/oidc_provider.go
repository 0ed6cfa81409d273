package ramserver

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

type oidcProvider struct {
	Name              string    `json:"OIDCProviderName"`
	IssuerURL         string    `json:"IssuerUrl"`
	ClientIDs         []string  `json:"ClientIds"`
	Fingerprints      []string  `json:"Fingerprints"`
	Description       string    `json:"Description"`
	IssuanceLimitTime int       `json:"IssuanceLimitTime"` // hours
	CreateDate        time.Time `json:"CreateDate"`
	UpdateDate        time.Time `json:"UpdateDate"`

	newborn
}

const (
	issuanceHours      = 12 // unless told
	maxIssuanceHours   = 168
	maxIssuerURL       = 255
	maxOIDCDescription = 256
)

// Of each OIDC provider's lists: how long they may be, and what their items look like.
var (
	clientIDs    = oidcList{param: "ClientId", most: 50, items: nameRule{128, ".-_:/"}}
	fingerprints = oidcList{param: "Fingerprint", most: 5, items: nameRule{128, ""}}
)

// oidcList is what the two lists of an OIDC provider differ in.
type oidcList struct {
	param string // names one item; with an s, all of them in a text with commas
	most  int
	items nameRule
}

func oidcProviderName(p *oidcProvider) string { return p.Name }

// AddOIDCProvider registers an identity provider whose tokens AssumeRoleWithOIDC takes, and returns its ARN. A
// provider of the same name is replaced.
func (s *Server) AddOIDCProvider(name, issuerURL string, clientIDs ...string) string {
	s.lock()
	defer s.mu.Unlock()
	now := s.now()
	s.state.OIDCProviders[name] = &oidcProvider{
		Name: name, IssuerURL: issuerURL, ClientIDs: slices.Clone(clientIDs), Fingerprints: []string{strings.Repeat("0", 40)},
		IssuanceLimitTime: issuanceHours, CreateDate: now, UpdateDate: now,
	}
	return s.arn("oidc-provider/" + name)
}

// namedOIDCProvider returns the OIDC provider that a request names.
func (s *Server) namedOIDCProvider(r request) (*oidcProvider, error) {
	name, err := s.providerName(r, "OIDCProviderName")
	if err != nil {
		return nil, err
	}
	p := s.state.OIDCProviders[name]
	if p == nil || !p.visible() {
		return nil, notExist("OIDCProvider", "The OIDC provider does not exist: %s.", name)
	}
	return p, nil
}

func (s *Server) createOIDCProvider(r request) (reply, error) {
	name, err := s.providerName(r, "OIDCProviderName")
	if err != nil {
		return nil, err
	}
	issuer, err := s.required(r, "IssuerUrl")
	if err != nil {
		return nil, err
	}
	if err := s.checkIssuerURL(issuer); err != nil {
		return nil, err
	}
	if !r.Has("Fingerprints") {
		return nil, s.missing("Fingerprints")
	}
	now := s.now()
	p := &oidcProvider{Name: name, IssuerURL: issuer, IssuanceLimitTime: issuanceHours, CreateDate: now, UpdateDate: now}
	if p.Fingerprints, err = s.all(fingerprints, r); err != nil {
		return nil, err
	}
	if err := s.changeOIDCProvider(p, r, ""); err != nil {
		return nil, err
	}
	for _, other := range s.state.OIDCProviders {
		if other.Name == name || other.IssuerURL == issuer {
			return nil, alreadyExists("OIDCProvider", "The OIDC provider already exists: %s, of the issuer %s.", other.Name, other.IssuerURL)
		}
	}
	if limit := s.quotas().OIDCProviders; len(s.state.OIDCProviders) >= limit {
		return nil, limitExceeded("OIDCProvider", limit)
	}
	p.newborn = s.newborn()
	s.state.OIDCProviders[name] = p
	return s.oidcProviderReply(p), nil
}

// checkIssuerURL refuses anything but https with a host and at most a path.
func (s *Server) checkIssuerURL(issuer string) error {
	if n := s.length(issuer); n > maxIssuerURL {
		return badLength("IssuerUrl", 1, maxIssuerURL)
	}
	u, err := url.Parse(issuer)
	if err != nil || u.Scheme != "https" || u.Host == "" || strings.ContainsAny(issuer, "?@#") {
		return badFormat("IssuerUrl", "an https URL without a query, a fragment and logon information")
	}
	return nil
}

// changeOIDCProvider sets what a request says about an OIDC provider; the description has a prefix ("" or "New").
func (s *Server) changeOIDCProvider(p *oidcProvider, r request, prefix string) (err error) {
	if r.Has("ClientIds") {
		if p.ClientIDs, err = s.all(clientIDs, r); err != nil {
			return err
		}
	}
	if err := s.describe(&p.Description, r, prefix+"Description", maxOIDCDescription); err != nil {
		return err
	}
	return r.number(&p.IssuanceLimitTime, "IssuanceLimitTime", 1, maxIssuanceHours)
}

// all reads a list from a text with commas, each item once.
func (s *Server) all(l oidcList, r request) ([]string, error) {
	var items []string
	for item := range strings.SplitSeq(r.Get(l.param+"s"), ",") {
		if err := s.checkItem(l, l.param+"s", item); err != nil {
			return nil, err
		}
		if item = s.stored(l, item); !slices.Contains(items, item) {
			items = append(items, item)
		}
	}
	if len(items) > l.most {
		return nil, limitExceeded("OIDCProvider."+l.param, l.most)
	}
	return items, nil
}

// item reads the one item that a request adds or removes.
func (s *Server) item(l oidcList, r request) (string, error) {
	item, err := s.required(r, l.param)
	if err != nil {
		return "", err
	}
	return s.stored(l, item), s.checkItem(l, l.param, item)
}

// checkItem refuses an item that begins with a mark, too.
func (s *Server) checkItem(l oidcList, param, item string) error {
	if err := s.checkName(param, item, l.items); err != nil {
		return err
	}
	if strings.ContainsRune(l.items.others, rune(item[0])) {
		return badChars(param)
	}
	return nil
}

// stored is an item in the form that is kept.
func (s *Server) stored(l oidcList, item string) string {
	if l.param == fingerprints.param && s.Unsure.FingerprintsInLowerCase {
		return strings.ToLower(item)
	}
	return item
}

func (s *Server) getOIDCProvider(r request) (reply, error) {
	p, err := s.namedOIDCProvider(r)
	if err != nil {
		return nil, err
	}
	return s.oidcProviderReply(p), nil
}

func (s *Server) listOIDCProviders(r request) (reply, error) {
	all, marker, err := page(s, r, sorted(s, s.state.OIDCProviders, oidcProviderName), oidcProviderName, maxProviders, maxProviders)
	if err != nil {
		return nil, err
	}
	return listReply("OIDCProviders", "OIDCProvider", each(all, s.oidcProviderView), marker), nil
}

func (s *Server) updateOIDCProvider(r request) (reply, error) {
	p, err := s.namedOIDCProvider(r)
	if err != nil {
		return nil, err
	}
	changed := *p
	if s.Unsure.UpdateOIDCProviderResets {
		changed.ClientIDs, changed.IssuanceLimitTime = nil, issuanceHours
	}
	if err := s.changeOIDCProvider(&changed, r, "New"); err != nil {
		return nil, err
	}
	changed.UpdateDate = s.now()
	*p = changed
	return s.oidcProviderReply(p), nil
}

func (s *Server) deleteOIDCProvider(r request) (reply, error) {
	p, err := s.namedOIDCProvider(r)
	if err != nil {
		return nil, err
	}
	delete(s.state.OIDCProviders, p.Name)
	return nil, nil
}

func (s *Server) addClientID(r request) (reply, error) {
	return s.addItem(clientIDs, r, func(p *oidcProvider) *[]string { return &p.ClientIDs })
}

func (s *Server) removeClientID(r request) (reply, error) {
	return s.removeItem(clientIDs, r, func(p *oidcProvider) *[]string { return &p.ClientIDs })
}

func (s *Server) addFingerprint(r request) (reply, error) {
	return s.addItem(fingerprints, r, func(p *oidcProvider) *[]string { return &p.Fingerprints })
}

// removeFingerprint refuses to take the last one away.
func (s *Server) removeFingerprint(r request) (reply, error) {
	return s.removeItem(fingerprints, r, func(p *oidcProvider) *[]string { return &p.Fingerprints })
}

func (s *Server) addItem(l oidcList, r request, list func(*oidcProvider) *[]string) (reply, error) {
	p, err := s.namedOIDCProvider(r)
	if err != nil {
		return nil, err
	}
	item, err := s.item(l, r)
	if err != nil {
		return nil, err
	}
	items := list(p)
	switch known := slices.Contains(*items, item); {
	case known && s.Unsure.OIDCListsForgiving:
		return s.oidcProviderReply(p), nil
	case known:
		return nil, alreadyExists("OIDCProvider."+l.param, "The OIDC provider %s already has %s.", p.Name, item)
	case len(*items) >= l.most:
		return nil, limitExceeded("OIDCProvider."+l.param, l.most)
	}
	*items = append(*items, item)
	p.UpdateDate = s.now()
	return s.oidcProviderReply(p), nil
}

func (s *Server) removeItem(l oidcList, r request, list func(*oidcProvider) *[]string) (reply, error) {
	p, err := s.namedOIDCProvider(r)
	if err != nil {
		return nil, err
	}
	item, err := s.item(l, r)
	if err != nil {
		return nil, err
	}
	items := list(p)
	i := slices.Index(*items, item)
	switch {
	case i < 0 && s.Unsure.OIDCListsForgiving:
		return s.oidcProviderReply(p), nil
	case i < 0:
		return nil, notExist("OIDCProvider."+l.param, "The OIDC provider %s does not have %s.", p.Name, item)
	case l.param == fingerprints.param && len(*items) == 1:
		return nil, deleteConflict("OIDCProvider.Fingerprint", "The OIDC provider %s has no other fingerprint.", p.Name)
	}
	*items = slices.Delete(*items, i, i+1)
	p.UpdateDate = s.now()
	return s.oidcProviderReply(p), nil
}

func (s *Server) oidcProviderReply(p *oidcProvider) reply {
	return reply{"OIDCProvider": s.oidcProviderView(p)}
}

func (s *Server) oidcProviderView(p *oidcProvider) reply {
	return reply{
		"OIDCProviderName":  p.Name,
		"Arn":               s.arn("oidc-provider/" + p.Name),
		"IssuerUrl":         p.IssuerURL,
		"ClientIds":         s.joined(p.ClientIDs),
		"Fingerprints":      s.joined(p.Fingerprints),
		"Description":       p.Description,
		"IssuanceLimitTime": p.IssuanceLimitTime,
		"CreateDate":        timestamp(p.CreateDate),
		"UpdateDate":        timestamp(p.UpdateDate),
		"GmtCreate":         milliseconds(p.CreateDate),
		"GmtModified":       milliseconds(p.UpdateDate),
	}
}

// joined is a list as a text with commas, in the order in which lists come.
func (s *Server) joined(items []string) string {
	if s.Unsure.ListsReversed {
		items = slices.Clone(items)
		slices.Reverse(items)
	}
	return strings.Join(items, ",")
}

// milliseconds prints a time as IMS does in fields that begin with Gmt.
func milliseconds(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.FormatInt(t.UnixMilli(), 10)
}
