package bench

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// asServer, in the environment, makes the test's executable serve an account instead. It holds a serverConfig.
const asServer = "RAM_BENCH_AS_SERVER"

func TestMain(m *testing.M) {
	if config := os.Getenv(asServer); config != "" {
		if err := serve(config, os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, "serving an account:", err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// serverConfig says what account is served, and how slowly.
type serverConfig struct {
	People     int           // 0 is an empty account
	Everything bool          // as account.everything
	Latency    time.Duration // of each call
	Throttle   int           // calls a second; 0 is no limit
}

// serverAddress is what the process prints when it is ready.
type serverAddress struct{ URL, KeyID, KeySecret string }

// tally is what the process has counted since it was last asked.
type tally struct {
	Actions     map[string]int // every call, refused ones too
	Throttled   int
	Connections int // opened
	// Served is the time that the calls took in the server, one after the other.
	Served time.Duration
}

func (t tally) calls() int {
	n := 0
	for _, count := range t.Actions {
		n += count
	}
	return n
}

// serve answers as RAM, and each line of asking with a tally, until asking ends.
func serve(config string, asking io.Reader, answers io.Writer) error {
	var c serverConfig
	if err := json.Unmarshal([]byte(config), &c); err != nil {
		return err
	}
	server := &ramserver.Server{Latency: c.Latency, Throttle: c.Throttle, Quotas: ramserver.Quotas{Users: 1_000_000}}
	if c.People > 0 {
		saved, err := account{people: c.People, everything: c.Everything}.saved()
		if err != nil {
			return err
		}
		if err := server.Load(saved); err != nil {
			return err
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	var opened, served atomic.Int64
	web := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			start := time.Now()
			defer func() { served.Add(int64(time.Since(start))) }()
			server.ServeHTTP(w, r)
		}),
		ReadHeaderTimeout: 10 * time.Second,
		ConnState: func(_ net.Conn, state http.ConnState) {
			if state == http.StateNew {
				opened.Add(1)
			}
		},
	}
	go func() { _ = web.Serve(listener) }()
	out := json.NewEncoder(answers)
	address := serverAddress{URL: "http://" + listener.Addr().String()}
	address.KeyID, address.KeySecret = server.RootAccessKey()
	if err := out.Encode(address); err != nil {
		return err
	}
	seen := 0
	for lines := bufio.NewScanner(asking); lines.Scan(); {
		t := tally{Actions: map[string]int{}, Connections: int(opened.Swap(0)), Served: time.Duration(served.Swap(0))}
		calls := server.Calls()
		for _, call := range calls[seen:] {
			t.Actions[call.Action]++
			if call.Code == "Throttling.User" {
				t.Throttled++
			}
		}
		seen = len(calls)
		if err := out.Encode(t); err != nil {
			return err
		}
	}
	return nil
}

// server is a process that serves an account.
type server struct {
	serverAddress
	ask     io.Writer
	answers *json.Decoder
}

// startServer starts the process, which ends with the test.
func startServer(tb testing.TB, config serverConfig) *server {
	tb.Helper()
	executable, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	text, err := json.Marshal(config)
	if err != nil {
		tb.Fatal(err)
	}
	c := exec.Command(executable)
	c.Env = append(os.Environ(), asServer+"="+string(text))
	c.Stderr = os.Stderr
	stdin, err := c.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	stdout, err := c.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := c.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := errors.Join(stdin.Close(), c.Wait()); err != nil {
			tb.Errorf("ending the server: %v", err)
		}
	})
	s := &server{ask: stdin, answers: json.NewDecoder(stdout)}
	if err := s.answers.Decode(&s.serverAddress); err != nil {
		tb.Fatalf("starting the server: %v", err)
	}
	return s
}

// tally gives what was counted since the last time.
func (s *server) tally(tb testing.TB) tally {
	tb.Helper()
	var t tally
	if _, err := io.WriteString(s.ask, "\n"); err != nil {
		tb.Fatalf("asking the server: %v", err)
	}
	if err := s.answers.Decode(&t); err != nil {
		tb.Fatalf("asking the server: %v", err)
	}
	return t
}

// env gives the environment in which the provider works on the account.
func (s *server) env() map[string]string {
	return map[string]string{
		"ALIBABA_CLOUD_ACCESS_KEY_ID":            s.KeyID,
		"ALIBABA_CLOUD_ACCESS_KEY_SECRET":        s.KeySecret,
		"ALIBABA_CLOUD_ENDPOINT_RAM":             s.URL,
		"ALIBABA_CLOUD_ENDPOINT_IMS":             s.URL,
		"ALIBABA_CLOUD_ENDPOINT_STS":             s.URL,
		"ALIBABA_CLOUD_ENDPOINT_RESOURCEMANAGER": s.URL,
	}
}
