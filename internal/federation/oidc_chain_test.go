package federation

import (
	"crypto/x509"
	"testing"
)

func TestOfSeveralChainsTheLikeliestIsTaken(t *testing.T) {
	leaf, between := &x509.Certificate{Raw: []byte("leaf")}, &x509.Certificate{Raw: []byte("between")}
	root, older := &x509.Certificate{Raw: []byte("root")}, &x509.Certificate{Raw: []byte("older")}
	short, long := []*x509.Certificate{leaf, between, root}, []*x509.Certificate{leaf, between, root, older}
	for name, tt := range map[string]struct {
		chains [][]*x509.Certificate
		sent   []*x509.Certificate
		want   *x509.Certificate
	}{
		"the shortest":                 {[][]*x509.Certificate{long, short}, []*x509.Certificate{leaf, between}, root},
		"the one whose root was sent":  {[][]*x509.Certificate{short, long}, []*x509.Certificate{leaf, between, older}, older},
		"the shortest where both were": {[][]*x509.Certificate{short, long}, []*x509.Certificate{leaf, between, root, older}, root},
		"the only one":                 {[][]*x509.Certificate{long}, []*x509.Certificate{leaf}, older},
	} {
		chain := likeliestChain(tt.chains, tt.sent)
		if got := chain[len(chain)-1]; got != tt.want {
			t.Errorf("%s: the root is %s", name, got.Raw)
		}
	}
}
