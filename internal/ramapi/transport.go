package ramapi

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// maxAnswer bounds what is read of one answer. The largest, a page of 1,000
// users, is below 1 MiB.
const maxAnswer = 32 << 20

// transport sends the SDKs' requests over one connection pool. It implements
// the SDKs' HttpClient, so that they keep neither a pool of their own, which is
// shared by the process and never expires, nor a URL in their errors.
type transport struct {
	client http.Client
	ahead  atomic.Int64 // by how many ns the service's clock is ahead of ours
}

func newTransport(roundTripper http.RoundTripper, maxConnections int) *transport {
	if roundTripper == nil {
		pool := http.DefaultTransport.(*http.Transport).Clone()
		pool.MaxIdleConns = 0
		pool.MaxIdleConnsPerHost = maxConnections
		pool.MaxConnsPerHost = maxConnections
		pool.IdleConnTimeout = 90 * time.Second
		roundTripper = pool
	}
	return &transport{client: http.Client{
		Transport: roundTripper,
		// A redirect would carry the signed parameters to another host.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Call sends the request and reads the whole answer. An answer that is no JSON
// object comes back as a *transportError, since the SDKs lose its status.
func (t *transport) Call(req *http.Request, _ *http.Transport) (*http.Response, error) {
	res, err := t.client.Do(req)
	if err != nil {
		return nil, connectionError(req.URL.Host, err)
	}
	defer func() { _ = res.Body.Close() }()
	if date, err := http.ParseTime(res.Header.Get("Date")); err == nil {
		t.ahead.Store(int64(time.Until(date)))
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return nil, &transportError{message: "the connection to " + req.URL.Host + " broke before the answer was complete", sent: true, cause: err}
	}
	if trimmed := bytes.TrimSpace(body); len(trimmed) == 0 || trimmed[0] != '{' || trimmed[len(trimmed)-1] != '}' {
		return nil, &transportError{
			status:  res.StatusCode,
			message: fmt.Sprintf("%s answered HTTP %d with something that is not RAM's JSON", req.URL.Host, res.StatusCode),
			sent:    res.StatusCode < 300 || res.StatusCode >= 500,
		}
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	return res, nil
}

// onServer turns a time on our clock into one on the service's, which may be up
// to a quarter of an hour off. It is never later than the truth, since the
// service's answers are dated in whole seconds and take time to arrive. Before
// the first answer both clocks are taken to be one.
func (c *Client) onServer(t time.Time) time.Time {
	return t.Add(time.Duration(c.transport.ahead.Load()))
}

// ServerTime gives the service's time, as creation dates are written by it.
func (c *Client) ServerTime() time.Time { return c.onServer(time.Now()) }

// clock says how far our clock is from the service's, empty where that is less
// than a minute or not known.
func (t *transport) clock() string {
	ahead, word := time.Duration(t.ahead.Load()).Round(time.Minute), "behind"
	if ahead == 0 {
		return ""
	}
	if ahead < 0 {
		ahead, word = -ahead, "ahead of"
	}
	return fmt.Sprintf("The clock is %s %s the service's.", strings.TrimSuffix(ahead.String(), "0s"), word)
}

func connectionError(host string, err error) error {
	var uerr *url.Error
	if errors.As(err, &uerr) {
		err = uerr.Err
	}
	var dial *net.OpError
	unsent := errors.As(err, &dial) && dial.Op == "dial"
	return &transportError{message: "no answer from " + host + ": " + err.Error(), sent: !unsent, cause: err}
}
