package ramserver

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// step is one call and what must come of it: a status, with a code unless that is 200. IMS actions start with "ims ",
// STS actions with "sts ", Resource Manager's with "rm ". A query holds the parameters.
type step struct {
	action string
	query  string
	want   string
}

// play makes calls in turn, as the account root, and compares status and code.
func play(t *testing.T, s *Server, steps ...step) {
	t.Helper()
	c := rootClient(t, s)
	for i, st := range steps {
		status, b := c.take(st)
		got := strings.TrimSpace(strconv.Itoa(status) + " " + b.text("Code"))
		if got != st.want {
			t.Errorf("step %d, %s %s: got %q (%s), want %q", i+1, st.action, st.query, got, b.text("Message"), st.want)
		}
	}
}

// take makes the call of a step, whatever comes of it.
func (c *testClient) take(st step) (int, body) {
	c.t.Helper()
	version, action := ramVersion, st.action
	if rest, ok := strings.CutPrefix(action, "ims "); ok {
		version, action = imsVersion, rest
	} else if rest, ok := strings.CutPrefix(action, "sts "); ok {
		version, action = stsVersion, rest
	} else if rest, ok := strings.CutPrefix(action, "rm "); ok {
		version, action = rmVersion, rest
	}
	p, err := url.ParseQuery(st.query)
	if err != nil {
		c.t.Fatal(err)
	}
	hr := requestV3(version, action, p, c.s.now())
	signV3(hr, c.id, c.secret)
	return send(c.t, c.s, hr)
}

const (
	identityDocument = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"ecs:Describe*","Resource":"*"}]}`
	trustDocument    = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",` +
		`"Principal":{"RAM":["acs:ram::1234567890123456:root"]}}]}`
)

var (
	policyDoc = "PolicyDocument=" + url.QueryEscape(identityDocument)
	trustDoc  = "AssumeRolePolicyDocument=" + url.QueryEscape(trustDocument)
)
