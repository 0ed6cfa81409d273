package ramserver

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// served is a server on a port of its own.
func served(t *testing.T, s *Server) *httptest.Server {
	t.Helper()
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	t.Cleanup(s.EndEvents) // before it waits for streams
	return srv
}

// stream is an open stream of events.
type stream struct {
	t     *testing.T
	resp  *http.Response
	lines *bufio.Scanner
	close func()
}

func openEvents(t *testing.T, url string, header ...string) *stream {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	hr, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		hr.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(hr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = resp.Body.Close() })
	if kind := resp.Header.Get("Content-Type"); resp.StatusCode != http.StatusOK || kind != "text/event-stream" {
		t.Fatalf("status %d, %s", resp.StatusCode, kind)
	}
	return &stream{t, resp, bufio.NewScanner(resp.Body), cancel}
}

// next waits for the next event.
func (st *stream) next() pageCall {
	st.t.Helper()
	var call pageCall
	id := ""
	for st.lines.Scan() {
		name, value, _ := strings.Cut(st.lines.Text(), ": ")
		switch name {
		case "id":
			id = value
		case "data":
			if err := json.Unmarshal([]byte(value), &call); err != nil {
				st.t.Fatal(err)
			}
		case "":
			if call.Number > 0 {
				if id != fmt.Sprint(call.Number) {
					st.t.Errorf("the call %d has the id %s", call.Number, id)
				}
				return call
			}
		}
	}
	st.t.Fatalf("the stream ended: %v", st.lines.Err())
	return call
}

// waitFor waits until something holds.
func waitFor(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("there is never %s", what)
		}
	}
}

func (s *Server) openStreams() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.streams.wake)
}

func TestEventsTellOfEachCall(t *testing.T) {
	t.Parallel()
	s := &Server{}
	c := rootClient(t, s)
	c.ram("GetAccountAlias") // before
	srv := served(t, s)
	first, second := openEvents(t, srv.URL+"/events"), openEvents(t, srv.URL+"/events")
	waitFor(t, "two streams", func() bool { return s.openStreams() == 2 })
	start := time.Now()
	c.ram("CreateUser", "UserName=alice")
	c.refused(http.StatusNotFound, "EntityNotExist.User", imsVersion, "GetUser", "UserPrincipalName=bob@"+s.defaultDomain())
	for _, st := range []*stream{first, second} {
		created, refused := st.next(), st.next()
		if created.Number != 2 || created.API != "RAM" || created.Action != "CreateUser" || created.Code != "" || created.Time == "" {
			t.Errorf("of the creation: %+v", created)
		}
		if refused.Number != 3 || refused.API != "IMS" || refused.Action != "GetUser" || refused.Code != "EntityNotExist.User" {
			t.Errorf("of the refusal: %+v", refused)
		}
	}
	if took := time.Since(start); took > streamRest/2 {
		t.Errorf("the events took %v", took)
	}
}

func TestEventsHoldNoSecret(t *testing.T) {
	t.Parallel()
	s := everything(t)
	st := openEvents(t, served(t, s).URL+"/events?after=0")
	var text strings.Builder
	s.EndEvents()
	if _, err := io.Copy(&text, st.resp.Body); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text.String(), `"action":"CreateLoginProfile"`) {
		t.Fatalf("the calls are not there: %s", &text)
	}
	for _, secret := range append(secretsOf(s), "LTAI") {
		if strings.Contains(text.String(), secret) {
			t.Errorf("%s is in the events", secret)
		}
	}
}

func TestEventsGoOnWhereTheReaderWas(t *testing.T) {
	t.Parallel()
	s := &Server{}
	c := rootClient(t, s)
	for range pageCalls + 20 {
		c.ram("GetAccountAlias")
	}
	url := served(t, s).URL + "/events"
	for _, test := range []struct {
		query, lastEventID string
		want               int
	}{
		{"?after=118", "", 119},
		{"?after=118", "119", 120},
		{"?after=0", "", 21},    // only the last hundred are told
		{"?after=500", "", 21},  // as an earlier server counted
		{"?after=-500", "", 21}, // nonsense
	} {
		st := openEvents(t, url+test.query, "Last-Event-ID", test.lastEventID)
		if got := st.next().Number; got != test.want {
			t.Errorf("%v: the first call is %d", test, got)
		}
		st.close()
	}
	st := openEvents(t, url+"?after=x")
	waitFor(t, "a stream", func() bool { return s.openStreams() > 0 })
	c.ram("GetAccountAlias")
	if got := st.next().Number; got != pageCalls+21 {
		t.Errorf("without a number the first call is %d", got)
	}
}

func TestAReaderWhoDoesNotReadHoldsUpNobody(t *testing.T) {
	t.Parallel()
	s := &Server{}
	server, client := net.Pipe() // which keeps nothing for later
	defer client.Close()
	httpServer := &http.Server{Handler: s, ReadHeaderTimeout: time.Second}
	go func() { _ = httpServer.Serve(&listenerOf{connection: server}) }() // until there is no other connection
	if _, err := io.WriteString(client, "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "a stream", func() bool { return s.openStreams() == 1 })
	c := rootClient(t, s)
	start := time.Now()
	for range 100 {
		c.ram("GetAccountAlias")
	}
	if took := time.Since(start); took > streamPatience/2 {
		t.Errorf("the calls took %v", took)
	}
	waitFor(t, "an end of the stream", func() bool { return s.openStreams() == 0 })
}

// listenerOf accepts one connection.
type listenerOf struct{ connection net.Conn }

func (l *listenerOf) Accept() (net.Conn, error) {
	connection := l.connection
	if l.connection = nil; connection == nil {
		return nil, io.EOF
	}
	return connection, nil
}

func (l *listenerOf) Close() error   { return nil }
func (l *listenerOf) Addr() net.Addr { return &net.TCPAddr{} }

func TestAReaderWhoIsGoneIsForgotten(t *testing.T) {
	t.Parallel()
	s := &Server{}
	st := openEvents(t, served(t, s).URL+"/events")
	waitFor(t, "a stream", func() bool { return s.openStreams() == 1 })
	st.close()
	waitFor(t, "an end of the stream", func() bool { return s.openStreams() == 0 })
}

func TestAServerEndsAtOnceWithStreamsOpen(t *testing.T) {
	t.Parallel()
	s := &Server{}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: s, ReadHeaderTimeout: time.Second}
	server.RegisterOnShutdown(s.EndEvents)
	go func() { _ = server.Serve(listener) }() // until it is shut down
	url := "http://" + listener.Addr().String() + "/events"
	for range 3 {
		openEvents(t, url)
	}
	waitFor(t, "a stream", func() bool { return s.openStreams() == 3 })
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	start := time.Now()
	if err := server.Shutdown(ctx); err != nil || time.Since(start) > 2*time.Second {
		t.Errorf("it ended with %v after %v", err, time.Since(start))
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost/events", nil))
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("afterwards a stream gets status %d", w.Code)
	}
}

func TestThereAreNotAnyNumberOfStreams(t *testing.T) {
	t.Parallel()
	s := &Server{}
	url := served(t, s).URL + "/events"
	for range maxStreams {
		openEvents(t, url)
	}
	waitFor(t, "all streams", func() bool { return s.openStreams() == maxStreams })
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("one more gets status %d", resp.StatusCode)
	}
}

func TestHealthCountsCalls(t *testing.T) {
	t.Parallel()
	s := &Server{AccountID: "5555555555555555"}
	for calls := range 2 {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://127.0.0.1/health", nil))
		want := fmt.Sprintf(`{"status":"ok","account_id":"5555555555555555","calls":%d}`, calls)
		if got := strings.TrimSpace(w.Body.String()); w.Code != http.StatusOK || got != want || !strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") {
			t.Errorf("status %d: %s, want %s", w.Code, got, want)
		}
		rootClient(t, s).ram("GetAccountAlias")
	}
}
