package ramserver

import (
	"cmp"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	maxStreams = 50 // of events, open at a time
	// streamRest is how long nothing is sent at most, and streamPatience how long a reader may take for what is sent:
	// one that has vanished is noticed by these.
	streamRest     = 15 * time.Second
	streamPatience = 5 * time.Second
)

// streams are the readers of events. Each is only told that something is new, and looks up by itself what it has not
// sent yet, so that nothing piles up for a slow one.
type streams struct {
	wake  map[chan struct{}]bool
	ended bool
}

func (st *streams) wakeAll() {
	for wake := range st.wake {
		select {
		case wake <- struct{}{}:
		default: // it has been told
		}
	}
}

// EndEvents ends all streams of events, and refuses new ones: an HTTP server that shuts down would wait for them.
func (s *Server) EndEvents() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.streams.ended = true
	s.streams.wakeAll()
}

// openStream returns how to notice news, and how many calls there are by now.
func (s *Server) openStream() (wake chan struct{}, calls int, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.streams.ended || len(s.streams.wake) >= maxStreams {
		return nil, 0, false
	}
	if s.streams.wake == nil {
		s.streams.wake = map[chan struct{}]bool{}
	}
	wake = make(chan struct{}, 1)
	s.streams.wake[wake] = true
	return wake, len(s.calls), true
}

func (s *Server) closeStream(wake chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.streams.wake, wake)
}

// callsAfter returns the calls after so many, and how many there are then; not those before the last pageCalls.
func (s *Server) callsAfter(seen int) (news []pageCall, calls int, ended bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := max(seen, len(s.calls)-pageCalls); i < len(s.calls); i++ {
		news = append(news, newPageCall(i+1, s.calls[i]))
	}
	return news, len(s.calls), s.streams.ended
}

// serveEvents tells a reader of each call, until the reader goes or the server ends. It begins after the call whose
// number the reader gives, if any.
func (s *Server) serveEvents(w http.ResponseWriter, hr *http.Request) {
	wake, seen, ok := s.openStream()
	if !ok {
		http.Error(w, "There are too many streams of events, or the server is about to end.", http.StatusServiceUnavailable)
		return
	}
	defer s.closeStream(wake)
	if after, err := strconv.Atoi(cmp.Or(hr.Header.Get("Last-Event-ID"), hr.URL.Query().Get("after"))); err == nil {
		if after > seen { // it was counted by an earlier server
			after = 0
		}
		seen = max(0, after)
	}
	header := w.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")

	connection := http.NewResponseController(w)
	send := func(text string) bool {
		_ = connection.SetWriteDeadline(time.Now().Add(streamPatience)) // what has none is not a network
		_, err := w.Write([]byte(text))
		return err == nil && connection.Flush() == nil
	}
	for sent := send("retry: 1000\n\n"); sent; {
		news, calls, ended := s.callsAfter(seen)
		if seen = calls; len(news) > 0 {
			sent = send(eventsText(news))
			continue
		}
		if ended {
			return
		}
		select {
		case <-wake:
		case <-time.After(streamRest):
			sent = send(":\n\n") // a comment
		case <-hr.Context().Done():
			return
		}
	}
}

// eventsText is calls as server-sent events.
func eventsText(calls []pageCall) string {
	var b strings.Builder
	for _, c := range calls {
		fmt.Fprintf(&b, "event: call\nid: %d\ndata: %s\n\n", c.Number, mustMarshal(c))
	}
	return b.String()
}

// serveHealth answers as soon as the server can be called, for whoever waits for that.
func (s *Server) serveHealth(w http.ResponseWriter) {
	_, calls, _ := s.callsAfter(math.MaxInt)
	w.Header().Set("Cache-Control", "no-store")
	jsonAnswer(http.StatusOK, struct {
		Status    string `json:"status"`
		AccountID string `json:"account_id"`
		Calls     int    `json:"calls"`
	}{"ok", s.accountID(), calls}).write(w)
}
