package account

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// Which of the two resources, and what it sets.
type managed struct{ own, name string }

var (
	corp       = managed{ownAlias, "corp"}
	corpDomain = managed{ownDomain, "corp.onaliyun.com"}
	teamDomain = managed{ownDomain, "our_team.onaliyun.com"}
)

// worlds are the ways in which RAM may treat the two names.
var worlds = map[string]ramserver.Unsure{
	"one name":                                  {},
	"one name, clearing keeps domain":           {ClearAliasKeepsDomain: true},
	"domain moves alias":                        {AliasApartFromDomain: true},
	"domain moves alias, clearing keeps domain": {AliasApartFromDomain: true, ClearAliasKeepsDomain: true},
	"alias moves domain":                        {DomainApartFromAlias: true},
	"alias moves domain, clearing keeps domain": {DomainApartFromAlias: true, ClearAliasKeepsDomain: true},
	"apart, clearing resets domain":             {AliasApartFromDomain: true, DomainApartFromAlias: true},
	"apart":                                     ramserver.AllUnsure(),
}

// befores are accounts as the resources find them.
var befores = map[string]ramapi.AccountNames{
	"fresh":                      {},
	"with an alias":              {Alias: "acme", DefaultDomain: "acme.onaliyun.com"},
	"with a domain and no alias": {DefaultDomain: "my_corp.onaliyun.com"},
	"as configured":              {Alias: "corp", DefaultDomain: "corp.onaliyun.com"},
}

func TestNamesGoBackToWhatTheyWere(t *testing.T) {
	orders := []struct{ created, destroyed []managed }{
		{[]managed{corp}, []managed{corp}},
		{[]managed{corpDomain}, []managed{corpDomain}},
		{[]managed{teamDomain}, []managed{teamDomain}},
		{[]managed{corp, corpDomain}, []managed{corp, corpDomain}},
		{[]managed{corp, corpDomain}, []managed{corpDomain, corp}},
		{[]managed{corpDomain, corp}, []managed{corp, corpDomain}},
		{[]managed{corpDomain, corp}, []managed{corpDomain, corp}},
	}
	for world, unsure := range worlds {
		for before, names := range befores {
			for _, order := range orders {
				for _, apart := range []bool{false, true} {
					name := fmt.Sprintf("%s/%s/created %v, destroyed %v, each in a run of its own %t", world, before, order.created, order.destroyed, apart)
					t.Run(name, func(t *testing.T) {
						synctest.Test(t, func(t *testing.T) {
							testNamesGoBack(t, unsure, names, order.created, order.destroyed, apart)
						})
					})
				}
			}
		}
	}
}

// testNamesGoBack creates the resources and destroys them. Where each is
// created in a run of its own the destruction is still one.
func testNamesGoBack(t *testing.T, unsure ramserver.Unsure, before ramapi.AccountNames, created, destroyed []managed, apart bool) {
	s := serverNamed(t, unsure, before)
	was := namesOf(t, s)
	found := map[managed]privateState{}
	r := newRun(t, s)
	for _, m := range created {
		if apart {
			r = newRun(t, s)
		}
		found[m] = r.create(t, m)
	}
	now := namesOf(t, s)
	for _, m := range created {
		if is, _ := parts(m.own, &now); *is != m.name {
			t.Errorf("with %v the account has %+v", created, now)
		}
	}
	r = newRun(t, s)
	for _, m := range destroyed {
		if warnings := r.destroy(t, m, "", found[m]); len(warnings) > 0 {
			t.Errorf("destroying %v warns: %v", m, warnings)
		}
	}
	if is := namesOf(t, s); is != was {
		t.Errorf("the account has %+v afterwards, and had %+v", is, was)
	}
}

func TestNamesThatAreOneGoBackByOneWrite(t *testing.T) {
	for before, names := range befores {
		for _, m := range []managed{corp, corpDomain} {
			synctest.Test(t, func(t *testing.T) {
				s := serverNamed(t, ramserver.Unsure{}, names)
				found := newRun(t, s).create(t, m)
				calls := len(s.Calls())
				newRun(t, s).destroy(t, m, "", found)
				writes := slices.DeleteFunc(s.Calls()[calls:], func(c ramserver.Call) bool { return strings.HasPrefix(c.Action, "Get") })
				if len(writes) > 1 {
					t.Errorf("%s, %s: the users were renamed by %v", before, m.own, writes)
				}
			})
		}
	}
}

func TestNamesChangedInBetweenGoBackToWhatWasFoundFirst(t *testing.T) {
	later := managed{ownAlias, "later"}
	laterDomain := managed{ownDomain, "later.onaliyun.com"}
	for world, unsure := range worlds {
		for _, order := range [][]managed{{later, laterDomain}, {laterDomain, later}} {
			t.Run(fmt.Sprintf("%s/%v", world, order), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := serverNamed(t, unsure, befores["with an alias"])
					was := namesOf(t, s)
					found := map[string]privateState{ownAlias: newRun(t, s).create(t, corp)}
					found[ownDomain] = newRun(t, s).create(t, corpDomain)
					r := newRun(t, s)
					for _, m := range order {
						r.update(t, m)
					}
					r = newRun(t, s)
					for _, m := range order {
						r.destroy(t, m, "", found[m.own])
					}
					if is := namesOf(t, s); is != was {
						t.Errorf("the account has %+v afterwards, and had %+v", is, was)
					}
				})
			})
		}
	}
}

// In between somebody else sets a domain that has nothing to do with the alias.
func TestNamesThatSomebodyElseHasSetStay(t *testing.T) {
	elsewhere := ramapi.AccountNames{DefaultDomain: "elsewhere.onaliyun.com"}
	apart := ramserver.AllUnsure()
	for _, keeps := range []bool{false, true} {
		apart.ClearAliasKeepsDomain = keeps
		synctest.Test(t, func(t *testing.T) {
			s := serverNamed(t, apart, befores["with a domain and no alias"])
			found := newRun(t, s).create(t, corp)
			newRun(t, s).update(t, managed{ownDomain, elsewhere.DefaultDomain})
			newRun(t, s).destroy(t, corp, "", found)
			if is := namesOf(t, s); is != elsewhere {
				t.Errorf("without its alias the account has %+v", is)
			}
		})
		synctest.Test(t, func(t *testing.T) {
			s := serverNamed(t, apart, befores["with a domain and no alias"])
			found := newRun(t, s).create(t, corp)
			newRun(t, s).update(t, managed{ownDomain, elsewhere.DefaultDomain})
			foundLater := newRun(t, s).create(t, corpDomain)
			r := newRun(t, s)
			r.destroy(t, corp, "", found)
			r.destroy(t, corpDomain, "", foundLater)
			if is := namesOf(t, s); is != elsewhere {
				t.Errorf("without its alias and the domain that came later the account has %+v", is)
			}
		})
	}
}

func TestResettingADomainLeavesAnAliasThatItDidNotMake(t *testing.T) {
	for world, unsure := range worlds {
		synctest.Test(t, func(t *testing.T) {
			s := serverNamed(t, unsure, befores["as configured"])
			found := newRun(t, s).create(t, corpDomain)
			newRun(t, s).destroy(t, corpDomain, base.OnDestroyReset, found)
			want := ramapi.AccountNames{Alias: "corp", DefaultDomain: "1234567890123456.onaliyun.com"}
			if !unsure.DomainApartFromAlias {
				want.Alias = ""
			}
			if is := namesOf(t, s); is != want {
				t.Errorf("%s: the account has %+v", world, is)
			}
		})
	}
}

func TestNamesAreKeptOrReset(t *testing.T) {
	for world, unsure := range worlds {
		for _, m := range []managed{corp, corpDomain} {
			t.Run(world+"/"+m.own, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := serverNamed(t, unsure, befores["with an alias"])
					r := newRun(t, s)
					found := r.create(t, m)
					set := namesOf(t, s)
					newRun(t, s).destroy(t, m, base.OnDestroyKeep, found)
					if is := namesOf(t, s); is != set {
						t.Errorf("kept, the account has %+v, not %+v", is, set)
					}
					newRun(t, s).destroy(t, m, base.OnDestroyReset, found)
					is := namesOf(t, s)
					if own, _ := parts(m.own, &is); *own != "" && *own != "1234567890123456.onaliyun.com" {
						t.Errorf("reset, the account has %+v", is)
					}
					if unsure.DomainApartFromAlias && m.own == ownDomain && is.Alias != "acme" {
						t.Errorf("the alias, which has nothing to do with the domain, is %q", is.Alias)
					}
				})
			})
		}
	}
}

func TestNamesThatReadsShowLateGoBack(t *testing.T) {
	for world, unsure := range worlds {
		for before, names := range befores {
			for _, order := range [][]managed{{corp}, {teamDomain}, {corp, corpDomain}, {corpDomain, corp}} {
				t.Run(fmt.Sprint(world, before, order), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						s := serverNamed(t, unsure, names)
						s.StaleReads = 2 * time.Second
						was := namesOf(t, s)
						found := map[managed]privateState{}
						r := newRun(t, s)
						for _, m := range order {
							found[m] = r.create(t, m)
						}
						time.Sleep(time.Minute)
						r = newRun(t, s)
						for _, m := range slices.Backward(order) {
							r.destroy(t, m, "", found[m])
						}
						time.Sleep(time.Minute)
						if is := namesOf(t, s); is != was {
							t.Errorf("the account has %+v afterwards, and had %+v", is, was)
						}
					})
				})
			}
		}
	}
}

// serverNamed gives the account of a test.
func serverNamed(t *testing.T, unsure ramserver.Unsure, names ramapi.AccountNames) *ramserver.Server {
	t.Helper()
	s := &ramserver.Server{Unsure: unsure, Latency: time.Millisecond} // so that time goes by
	if err := s.Load(fmt.Appendf(nil, `{"Format": 1, "AccountAlias": %q, "DefaultDomain": %q}`, names.Alias, names.DefaultDomain)); err != nil {
		t.Fatal(err)
	}
	return s
}

// run is one run of Terraform on the account.
type run struct{ nameResource }

func newRun(t *testing.T, s *ramserver.Server) *run {
	t.Helper()
	id, secret := s.RootAccessKey()
	client, err := ramapi.New(ramapi.Config{Credentials: ramapi.Credentials{AccessKeyID: id, AccessKeySecret: secret}, RoundTripper: inMemory{s}})
	if err != nil {
		t.Fatal(err)
	}
	r := &run{}
	r.Configure(t.Context(), resource.ConfigureRequest{ProviderData: &base.Provider{Client: client}}, nil)
	return r
}

func (r *run) create(t *testing.T, m managed) privateState {
	t.Helper()
	found := r.update(t, m)
	private := privateState{}
	if diags := base.SaveFound(t.Context(), private, found); diags.HasError() {
		t.Fatal(diags)
	}
	return private
}

func (r *run) update(t *testing.T, m managed) foundNames {
	t.Helper()
	var diags diag.Diagnostics
	set := (&accountAliasResource{r.nameResource}).set
	if m.own == ownDomain {
		set = (&defaultDomainResource{r.nameResource}).set
	}
	found, ok := set(t.Context(), types.StringValue(m.name), &diags)
	if !ok {
		t.Fatal(diags)
	}
	return found
}

func (r *run) destroy(t *testing.T, m managed, onDestroy string, found privateState) diag.Diagnostics {
	t.Helper()
	var diags diag.Diagnostics
	r.undo(t.Context(), m.own, types.StringValue(onDestroy), found, &diags)
	if diags.HasError() {
		t.Fatal(diags)
	}
	return diags
}

func namesOf(t *testing.T, s *ramserver.Server) ramapi.AccountNames {
	t.Helper()
	names, err := newRun(t, s).Client.AccountNames(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// privateState is the private state of a resource.
type privateState map[string][]byte

func (p privateState) SetKey(_ context.Context, key string, value []byte) diag.Diagnostics {
	p[key] = value
	return nil
}

func (p privateState) GetKey(_ context.Context, key string) ([]byte, diag.Diagnostics) {
	return p[key], nil
}

// inMemory sends requests to a server without a network.
type inMemory struct{ handler http.Handler }

func (m inMemory) RoundTrip(req *http.Request) (*http.Response, error) {
	served := req.Clone(req.Context())
	served.RequestURI, served.Body = req.URL.RequestURI(), http.NoBody
	served.Header = http.Header{}
	for name, values := range req.Header { // the SDKs write them in lower case
		served.Header[http.CanonicalHeaderKey(name)] = values
	}
	w := httptest.NewRecorder()
	m.handler.ServeHTTP(w, served)
	return w.Result(), nil
}

func TestNamesMatchWhereOneMakesTheOther(t *testing.T) {
	const id = "1234567890123456"
	for names, want := range map[string]bool{
		" " + id + ".onaliyun.com":     true,
		"acme acme.onaliyun.com":       true,
		"acme Acme.onaliyun.com":       true,
		" my_corp.onaliyun.com":        true,
		" acme.onaliyun.com":           false,
		"acme corp.onaliyun.com":       false,
		"acme my_corp.onaliyun.com":    false,
		"acme " + id + ".onaliyun.com": false,
	} {
		alias, domain, _ := strings.Cut(names, " ")
		if got := match(ramapi.AccountNames{Alias: alias, DefaultDomain: domain}, id); got != want {
			t.Errorf("%q: %t", names, got)
		}
	}
}

func TestNumbersThatTheServiceDoesNotGiveAreNull(t *testing.T) {
	object := quotas.object(ramapi.AccountSummary{"UsersQuota": 5000, "RolesQuota": 0})
	for name, value := range object.Attributes() {
		want := types.Int64Null()
		switch name {
		case "users":
			want = types.Int64Value(5000)
		case "roles":
			want = types.Int64Value(0)
		}
		if !value.Equal(want) {
			t.Errorf("%s is %s, want %s", name, value, want)
		}
	}
}

func TestNumbersHaveTheServicesNames(t *testing.T) {
	summary, err := newRun(t, &ramserver.Server{}).Client.AccountSummary(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, all := range []counters{quotas, usage} {
		for name, value := range all.object(summary).Attributes() {
			if value.IsNull() {
				t.Errorf("%s is null", name)
			}
			delete(summary, all.nameOf(name))
		}
	}
	if len(summary) > 0 {
		t.Errorf("these are in no attribute: %v", summary)
	}
}

func (all counters) nameOf(attribute string) string {
	for _, c := range all {
		if c.attribute == attribute {
			return c.name
		}
	}
	return ""
}
