package ramserver

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// browse has a real browser show a page, and returns what that has become when all of it is loaded.
func browse(t *testing.T, url string) (wait func() string) {
	t.Helper()
	if testing.Short() {
		t.Skip("starts a browser, which takes a while")
	}
	browser := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge"} {
		if path, err := exec.LookPath(name); err == nil {
			browser = path
			break
		}
	}
	if browser == "" {
		t.Skip("needs Chromium, Chrome or Edge on the PATH: there is none")
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	c := exec.CommandContext(ctx, browser, "--headless", "--dump-dom", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
		"--no-first-run", "--disable-extensions", "--disable-background-networking", "--user-data-dir="+t.TempDir(), url)
	var page, complaints bytes.Buffer
	c.Stdout, c.Stderr, c.WaitDelay = &page, &complaints, time.Second
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	return func() string {
		t.Helper()
		if err := c.Wait(); err != nil {
			t.Fatalf("the browser: %v\n%s", err, &complaints)
		}
		return page.String()
	}
}

func TestThePageFollowsTheCallsInABrowser(t *testing.T) {
	t.Parallel()
	s := &Server{}
	c := rootClient(t, s)
	c.ram("CreateUser", "UserName=early")
	c.ram("CreateRole", "RoleName=trusting", "AssumeRolePolicyDocument="+trustDocument)

	// A picture that does not come keeps the browser from printing the page, until the page has done what is expected.
	var pages atomic.Int32
	arrived, arrive := context.WithCancel(t.Context())
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, hr *http.Request) {
		switch hr.URL.Path {
		case "/picture":
			<-arrived.Done()
		case "/":
			page := httptest.NewRecorder()
			s.ServeHTTP(page, hr)
			policy := page.Header().Get("Content-Security-Policy")
			w.Header().Set("Content-Security-Policy", strings.Replace(policy, "img-src", "img-src 'self'", 1))
			text := strings.Replace(page.Body.String(), "</main>", `</main><img src="/picture">`, 1)
			if pages.Load() == 0 { // as if somebody had opened it
				text = strings.Replace(text, "<details>", "<details open>", 1)
			}
			_, _ = w.Write([]byte(text))
			pages.Add(1)
		default:
			s.ServeHTTP(w, hr)
		}
	}))
	t.Cleanup(srv.Close)
	t.Cleanup(s.EndEvents)
	t.Cleanup(arrive)

	wait := browse(t, srv.URL)
	waitFor(t, "a page that listens", func() bool { return s.openStreams() == 1 })
	c.ram("CreateUser", "UserName=late")
	waitFor(t, "a page that looks again", func() bool { return pages.Load() == 2 })
	c.ram("GetAccountAlias")
	waitFor(t, "a page that has shown what it saw", func() bool { return pages.Load() == 3 })
	arrive()
	page := wait()
	for _, shown := range []string{"<b>early</b>", "<b>late</b>", "Users (2)", "<details open", ">Live: the page follows what happens.<"} {
		if !strings.Contains(page, shown) {
			t.Errorf("the page does not show %s:\n%s", shown, page)
		}
	}
	if strings.Count(page, "<main") != 1 || strings.Count(page, "<h1>") != 1 {
		t.Errorf("the page is there more than once:\n%s", page)
	}
}

func TestThePageNeedsNoScript(t *testing.T) {
	t.Parallel()
	s := everything(t)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, hr *http.Request) {
		w.Header().Set("Content-Security-Policy", "script-src 'none'")
		page := httptest.NewRecorder()
		s.ServeHTTP(page, hr)
		_, _ = page.Body.WriteTo(w)
	}))
	t.Cleanup(srv.Close)
	page := browse(t, srv.URL)()
	for _, shown := range []string{"<b>alice</b>", "<b>deployer</b>", "<td>CreateRole</td>"} {
		if !strings.Contains(page, shown) {
			t.Errorf("the page does not show %s:\n%s", shown, page)
		}
	}
	if strings.Contains(page, ">Live:") || s.openStreams() > 0 {
		t.Error("a script has run")
	}
}
