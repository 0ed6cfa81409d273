package ramserver

import (
	"bytes"
	"cmp"
	"crypto/rand"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"
)

//go:embed page.html
var pageHTML string

var pageTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page").Parse(pageHTML))
})

// pageCalls is how many of the last calls the page shows.
const pageCalls = 100

// pageView is what the page may show. It is made of copies that have no field for a secret.
type pageView struct {
	AccountID, Alias, Domain string

	Users    []pageUser
	Groups   []pageGroup
	Roles    []pageRole
	Policies []pagePolicy

	Devices   []pageDevice
	Providers []pageProvider // of identities: SAML ones, then OIDC ones

	Calls     []pageCall // the newest first
	CallCount int        // of all calls so far

	Nonce string // lets the page's own script run, and no other
}

type pageUser struct {
	Name, DisplayName, ID string
	Console               string // whether the user may log on there
	Keys                  []pageKey
	Groups                []string
	Policies              []pageGrant
	Tags                  map[string]string
}

type pageKey struct{ ID, Status string }

// pageGrant is a policy that somebody has, and the group that it comes from; empty when it is attached directly.
type pageGrant struct{ Name, Group string }

type pageGroup struct {
	Name, ID, Comments string
	Members            []string
	Policies           []pageGrant
}

type pageRole struct {
	Name, ID, Description, Trust string
	Trusts                       []string // the principals that Trust names
	Policies                     []pageGrant
	Tags                         map[string]string
}

// pagePolicy is a custom policy, or a system policy that somebody has.
type pagePolicy struct {
	Name, Type, Description, Version, Document string

	Users, Groups, Roles []string
	Tags                 map[string]string
}

// pageDevice is a virtual MFA device, and the user it is bound to, if any.
type pageDevice struct{ SerialNumber, User string }

type pageProvider struct{ Kind, Name, Description, Issuer, ClientIDs string }

// pageCall is a call, counted from 1. Streams of events send it as well.
type pageCall struct {
	Number int    `json:"number"`
	Time   string `json:"time"`
	API    string `json:"api"`
	Action string `json:"action"`
	Code   string `json:"code,omitempty"` // of an error
}

func newPageCall(number int, c Call) pageCall {
	action := fmt.Sprintf("%.60s", c.Action) // of one that there is not, which may have any length
	return pageCall{number, c.Time.Format(time.DateTime), strings.ToUpper(services[c.Version]), action, c.Code}
}

func (s *Server) servePage(w http.ResponseWriter) {
	view := s.pageView()
	view.Nonce = rand.Text()
	var page bytes.Buffer
	if err := pageTemplate().Execute(&page, view); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "+
		"script-src 'nonce-"+view.Nonce+"'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	header.Set("Cache-Control", "no-store")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Content-Type-Options", "nosniff")
	_, _ = page.WriteTo(w) // the browser may have gone
}

// isLoopback reports whether a host, with or without a port, is this machine by a name that no one else can give out.
func isLoopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return strings.EqualFold(host, "localhost") || err == nil && ip.IsLoopback()
}

func (s *Server) pageView() pageView {
	s.lock()
	defer s.mu.Unlock()
	view := pageView{AccountID: s.accountID(), Alias: s.state.AccountAlias, Domain: s.defaultDomain()}
	for _, u := range sorted(s, s.state.Users, userName) {
		view.Users = append(view.Users, s.pageUser(u))
	}
	for _, g := range sorted(s, s.state.Groups, groupName) {
		view.Groups = append(view.Groups, s.pageGroup(g))
	}
	for _, role := range sorted(s, s.state.Roles, roleName) {
		view.Roles = append(view.Roles, pageRole{
			Name: role.RoleName, ID: role.RoleID, Description: role.Description,
			Trust: indentJSON(role.AssumeRolePolicyDocument), Trusts: s.trusted(role.AssumeRolePolicyDocument), Policies: grants(role.Policies, ""), Tags: maps.Clone(role.Tags),
		})
	}
	view.Policies = s.pagePolicies()
	view.Devices, view.Providers = s.pageDevices(), s.pageProviders()
	view.CallCount = len(s.calls)
	for i := len(s.calls); i > max(0, len(s.calls)-pageCalls); i-- {
		view.Calls = append(view.Calls, newPageCall(i, s.calls[i-1]))
	}
	return view
}

func (s *Server) pageUser(u *user) pageUser {
	view := pageUser{Name: u.UserName, DisplayName: u.DisplayName, ID: u.UserID, Console: "no", Policies: grants(u.Policies, ""), Tags: maps.Clone(u.Tags)}
	switch {
	case u.LoginProfile == nil:
	case u.LoginProfile.Status != active:
		view.Console = "disabled"
	case s.deviceOf(u) != nil:
		view.Console = "yes, with MFA"
	default:
		view.Console = "yes"
	}
	for _, key := range s.accessKeys(u.UserID) {
		view.Keys = append(view.Keys, pageKey{key.AccessKeyID, key.Status})
	}
	for _, g := range s.groupsOf(u) {
		view.Groups = append(view.Groups, g.GroupName)
		view.Policies = append(view.Policies, grants(g.Policies, g.GroupName)...)
	}
	return view
}

func (s *Server) pageGroup(g *group) pageGroup {
	view := pageGroup{Name: g.GroupName, ID: g.GroupID, Comments: g.Comments, Policies: grants(g.Policies, "")}
	for id := range g.Members {
		view.Members = append(view.Members, s.state.Users[id].UserName)
	}
	slices.Sort(view.Members)
	return view
}

// trusted gives the principals of a trust policy.
func (s *Server) trusted(document string) []string {
	statements, _ := s.policyStatements(document, trustPolicy) // a stored one can be read
	var out []string
	for _, st := range statements {
		for _, kind := range []string{"RAM", "Service", "Federated"} {
			out = append(out, s.principals(st, kind)...)
		}
	}
	return out
}

func grants(all []attachment, group string) []pageGrant {
	var out []pageGrant
	for _, a := range all {
		out = append(out, pageGrant{a.PolicyName, group})
	}
	slices.SortFunc(out, func(a, b pageGrant) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

func (s *Server) pagePolicies() []pagePolicy {
	shown := slices.Collect(maps.Values(s.state.Policies))
	for key := range s.state.index.holderCounts {
		if key.policyType == system {
			shown = append(shown, s.policyNamed(system, key.name))
		}
	}
	sortBy(s, shown, policySortKey)
	var out []pagePolicy
	for _, p := range shown {
		users, groups, roles := s.holders(p)
		out = append(out, pagePolicy{
			Name: p.PolicyName, Type: p.PolicyType, Description: p.Description, Version: p.DefaultVersion,
			Document: indentJSON(p.version(p.DefaultVersion).PolicyDocument),
			Users:    names(users, userName), Groups: names(groups, groupName), Roles: names(roles, roleName),
			Tags: maps.Clone(p.Tags),
		})
	}
	return out
}

func (s *Server) pageDevices() []pageDevice {
	var out []pageDevice
	for _, d := range sorted(s, s.state.MFADevices, serialNumber) {
		view := pageDevice{SerialNumber: d.SerialNumber}
		if u := s.state.Users[d.UserID]; u != nil {
			view.User = u.UserName
		}
		out = append(out, view)
	}
	return out
}

func (s *Server) pageProviders() []pageProvider {
	var out []pageProvider
	for _, p := range sorted(s, s.state.SAMLProviders, samlProviderName) {
		out = append(out, pageProvider{Kind: "SAML", Name: p.Name, Description: p.Description})
	}
	for _, p := range sorted(s, s.state.OIDCProviders, oidcProviderName) {
		out = append(out, pageProvider{"OIDC", p.Name, p.Description, p.IssuerURL, strings.Join(p.ClientIDs, ", ")})
	}
	return out
}

func names[T any](objects []T, name func(T) string) []string {
	var out []string
	for _, object := range objects {
		out = append(out, name(object))
	}
	return out
}

// indentJSON lays a document out for reading.
func indentJSON(document string) string {
	var b bytes.Buffer
	if err := json.Indent(&b, []byte(document), "", "  "); err != nil {
		return document
	}
	return b.String()
}
