package ramapi

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

func TestCodesAreThoseOfRFC6238(t *testing.T) {
	key := []byte("12345678901234567890")
	for at, want := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130"} {
		if got := totp(key, stepAt(time.Unix(at, 0))); got != want {
			t.Errorf("at %d: %s, want %s", at, got, want)
		}
	}
}

func TestSeedsAreReadWithAndWithoutPadding(t *testing.T) {
	for _, seed := range []string{"MZXW6===", "MZXW6"} {
		if key, err := parseSeed(seed); err != nil || string(key) != "foo" {
			t.Errorf("%s: got %q, %v", seed, key, err)
		}
	}
	for _, seed := range []string{"", "s3cret!"} {
		if _, err := parseSeed(seed); err == nil || seed != "" && strings.Contains(err.Error(), seed) {
			t.Errorf("%q: got %v", seed, err)
		}
	}
}

// deviceFor makes a device, and a user that it can be bound to.
func deviceFor(t *testing.T, c *Client, userName string) (VirtualMFADevice, Principal) {
	t.Helper()
	u, err := c.CreateUser(t.Context(), User{Name: userName})
	must(t, err)
	d, err := c.CreateVirtualMFADevice(t.Context(), userName)
	must(t, err)
	return d, Principal{Kind: KindUser, Name: u.Name, ID: u.ID}
}

// isBoundTo checks whom another client sees the device bound to.
func isBoundTo(t *testing.T, s *ramserver.Server, serialNumber, userName string) {
	t.Helper()
	if d, err := newTestClient(t, s).VirtualMFADevice(t.Context(), serialNumber); err != nil || d.UserName != userName {
		t.Errorf("the device is bound to %q (%v), not to %q", d.UserName, err, userName)
	}
}

func TestDeviceIsBoundByTheServicesClock(t *testing.T) {
	for _, ahead := range []time.Duration{0, 10 * time.Minute, -10 * time.Minute} {
		for _, into := range []time.Duration{0, 15 * time.Second, 28500 * time.Millisecond, 29900 * time.Millisecond} {
			t.Run(fmt.Sprint(ahead, into), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := &ramserver.Server{Now: func() time.Time { return time.Now().Add(ahead) }}
					time.Sleep(into)
					c := newTestClient(t, s)
					d, alice := deviceFor(t, c, "alice")
					started := time.Now()
					bound, err := c.BindMFADevice(t.Context(), d.SerialNumber, d.Seed, alice)
					if err != nil || bound.UserID != alice.ID || bound.ActivateDate == "" {
						t.Errorf("got %+v, %v", bound, err)
					}
					if took := time.Since(started); took > 3*time.Second {
						t.Errorf("it took %s", took)
					}
					isBoundTo(t, s, d.SerialNumber, "alice")
					for _, call := range s.Calls() {
						if call.Action == "BindMFADevice" && call.Time.Unix()%stepSeconds > 28 {
							t.Errorf("codes were sent at %s, at the end of their step", call.Time)
						}
					}
				})
			})
		}
	}
}

func TestCodesThatAreRefusedAreFollowedByNewOnes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &ramserver.Server{Unsure: ramserver.Unsure{CodesOnlyOnce: true}}
		c := newTestClient(t, s)
		d, alice := deviceFor(t, c, "alice")
		_, err := c.BindMFADevice(t.Context(), d.SerialNumber, d.Seed, alice)
		must(t, err)
		must(t, c.UnbindMFADevice(t.Context(), "alice", d.SerialNumber))
		started := time.Now()
		if _, err := c.BindMFADevice(t.Context(), d.SerialNumber, d.Seed, alice); err != nil {
			t.Error(err)
		}
		if took := time.Since(started); took < 30*time.Second || took > 63*time.Second {
			t.Errorf("it took %s, want one to two steps of codes", took)
		}
		if n := count(s, "BindMFADevice"); n != 3 {
			t.Errorf("%d calls, want 3", n)
		}
	})
}

func TestCodesAreRefusedTwiceAndThenThatIsTheError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &ramserver.Server{}
		c := newTestClient(t, s)
		d, alice := deviceFor(t, c, "alice")
		_, err := c.BindMFADevice(t.Context(), d.SerialNumber, "MZXW6===", alice)
		if !hasCodePrefix(err, "CheckAuthenticationCodeFail") || count(s, "BindMFADevice") != 2 {
			t.Errorf("%d calls, %v", count(s, "BindMFADevice"), err)
		}
		stopped, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		started := time.Now()
		if _, err := c.BindMFADevice(stopped, d.SerialNumber, "MZXW6===", alice); err == nil || time.Since(started) > 5*time.Second {
			t.Errorf("an interrupt ended the wait for codes after %s with %v", time.Since(started), err)
		}
	})
}

func TestDeviceIsBoundOnceWhateverGoesWrong(t *testing.T) {
	for name, fault := range noAnswers {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &ramserver.Server{Intercept: failing("BindMFADevice", 1, fault)}
				c := newTestClient(t, s)
				d, alice := deviceFor(t, c, "alice")
				if _, err := c.BindMFADevice(t.Context(), d.SerialNumber, d.Seed, alice); err != nil {
					t.Error(err)
				}
				isBoundTo(t, s, d.SerialNumber, "alice")
				time.Sleep(2 * time.Hour) // until the server has ended every call
			})
		})
	}
}

func TestAUserWithAnotherDeviceIsNotTakenForBound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &ramserver.Server{}
		c := newTestClient(t, s)
		d, alice := deviceFor(t, c, "alice")
		_, err := c.BindMFADevice(t.Context(), d.SerialNumber, d.Seed, alice)
		must(t, err)
		other, err := c.CreateVirtualMFADevice(t.Context(), "other")
		must(t, err)
		if _, err := c.BindMFADevice(t.Context(), other.SerialNumber, other.Seed, alice); !IsAlreadyExists(err) {
			t.Errorf("got %v", err)
		}
		later := newTestClient(t, s)
		if serial, err := later.OtherMFADevice(t.Context(), "alice", other.SerialNumber); err != nil || serial != d.SerialNumber {
			t.Errorf("alice's device is %q, %v", serial, err)
		}
		if serial, err := later.OtherMFADevice(t.Context(), "alice", d.SerialNumber); err != nil || serial != "" {
			t.Errorf("beside her own alice has %q, %v", serial, err)
		}
	})
}

func TestErrorsHoldNoCode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &ramserver.Server{}
		var sent []string
		echo := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("X-Acs-Action") != "BindMFADevice" {
				s.ServeHTTP(w, r)
				return
			}
			sent = append(sent, r.URL.Query().Get("AuthenticationCode1"), r.URL.Query().Get("AuthenticationCode2"))
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, `{"Code":"CheckAuthenticationCodeFail","Message":"refused: `+r.URL.RawQuery+`"}`)
		})
		c := newTestClient(t, s, func(config *Config) { config.RoundTripper = inMemory{echo} })
		d, alice := deviceFor(t, c, "alice")
		_, err := c.BindMFADevice(t.Context(), d.SerialNumber, d.Seed, alice)
		if err == nil || len(sent) != 4 {
			t.Fatalf("%d codes were sent: %v", len(sent), err)
		}
		for _, code := range append(sent, d.Seed) {
			if strings.Contains(err.Error(), code) {
				t.Errorf("%s is in: %v", code, err)
			}
		}
	})
}

func TestDeviceWhoseSeedIsLostIsDeletedAndMadeAnew(t *testing.T) {
	for name, fault := range noAnswers {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &ramserver.Server{Intercept: failing("CreateVirtualMFADevice", 1, fault), StaleReads: time.Second}
				c := newTestClient(t, s)
				d, alice := deviceFor(t, c, "alice")
				time.Sleep(time.Second)
				if _, err := c.BindMFADevice(t.Context(), d.SerialNumber, d.Seed, alice); err != nil {
					t.Errorf("the seed is not the device's: %v", err)
				}
				time.Sleep(2 * time.Hour) // until the server has ended every call
				if all, err := c.VirtualMFADevices(t.Context()); err != nil || len(all) != 1 {
					t.Errorf("%d devices, %v", len(all), err)
				}
			})
		})
	}
}

func TestDeviceWhoseSeedIsLostIsNamedWhereItCannotBeDeleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &ramserver.Server{Intercept: interceptors(
			failing("CreateVirtualMFADevice", 1, ramserver.Fault{After: true, Drop: true}),
			failing("DeleteVirtualMFADevice", 1, ramserver.Fault{Status: 403, Code: "NoPermission", Message: "You are not authorized."}),
		)}
		c := newTestClient(t, s)
		_, err := c.CreateVirtualMFADevice(t.Context(), "phone")
		if err == nil || IsLost(err) || !strings.Contains(err.Error(), "acs:ram::1234567890123456:mfa/phone") || !strings.Contains(err.Error(), "nobody knows") {
			t.Errorf("got %v", err)
		}
	})
}

func TestDeviceThatSomebodyElseMadeIsNotDeleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &ramserver.Server{}
		theirs, err := newTestClient(t, s).CreateVirtualMFADevice(t.Context(), "phone")
		must(t, err)
		for name, intercept := range map[string]func(ramserver.Call) *ramserver.Fault{
			"shown":           nil,
			"shown, and lost": failing("CreateVirtualMFADevice", 1, ramserver.Fault{After: true, Drop: true}),
			"not shown": failing("ListVirtualMFADevices", 1, ramserver.Fault{
				Status: 200, ContentType: "application/json", Body: `{"VirtualMFADevices":{"VirtualMFADevice":[]}}`,
			}),
		} {
			s.Intercept = intercept
			if _, err := newTestClient(t, s).CreateVirtualMFADevice(t.Context(), "phone"); !IsAlreadyExists(err) {
				t.Errorf("%s: got %v", name, err)
			}
		}
		c := newTestClient(t, s)
		u, err := c.CreateUser(t.Context(), User{Name: "alice"})
		must(t, err)
		if _, err := c.BindMFADevice(t.Context(), theirs.SerialNumber, theirs.Seed, Principal{KindUser, u.Name, u.ID}); err != nil {
			t.Errorf("it is not the same device: %v", err)
		}
	})
}

func TestDevicesAreReadAndMadeWithOneList(t *testing.T) {
	s := &ramserver.Server{}
	c := newTestClient(t, s)
	serials := make([]string, 100)
	tenAtATime(len(serials), func(i int) {
		d, err := c.CreateVirtualMFADevice(t.Context(), userNumber(i))
		if err != nil {
			t.Error(err)
		}
		serials[i] = d.SerialNumber
	})
	if n := count(s, "ListVirtualMFADevices"); n > 10 { // those that asked before the first answer came
		t.Errorf("%d lists for 100 creations", n)
	}
	another := newTestClient(t, s)
	before := len(s.Calls())
	for _, serial := range serials {
		if d, err := another.VirtualMFADevice(t.Context(), serial); err != nil || d.SerialNumber != serial {
			t.Errorf("got %+v, %v", d, err)
		}
		if _, err := another.VirtualMFADevice(t.Context(), serial+"-gone"); !IsNotFound(err) {
			t.Errorf("got %v", err)
		}
	}
	if n := len(s.Calls()) - before; n != 1 {
		t.Errorf("%d calls for 200 questions, want 1", n)
	}
}

func TestANewDeviceThatTheListDoesNotShowYetIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &ramserver.Server{}
		d, err := newTestClient(t, s).CreateVirtualMFADevice(t.Context(), "phone")
		must(t, err)
		s.Intercept = failing("ListVirtualMFADevices", 3, ramserver.Fault{
			Status: 200, ContentType: "application/json", Body: `{"VirtualMFADevices":{"VirtualMFADevice":[]}}`,
		})
		c := newTestClient(t, s)
		c.Recall(KindMFADevice, d.SerialNumber, time.Now().UTC().Format(time.RFC3339))
		if _, err := c.VirtualMFADevice(t.Context(), d.SerialNumber); err != nil {
			t.Error(err)
		}
	})
}

func TestWhatBecomesOfADeviceIsKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &ramserver.Server{}
		c := newTestClient(t, s)
		d, alice := deviceFor(t, c, "alice")
		_, err := c.BindMFADevice(t.Context(), d.SerialNumber, d.Seed, alice)
		must(t, err)
		holder := func() string {
			before := len(s.Calls())
			d, err := c.VirtualMFADevice(t.Context(), d.SerialNumber)
			if n := len(s.Calls()) - before; n > 0 {
				t.Errorf("%d calls for what is known", n)
			}
			if IsNotFound(err) {
				return "gone"
			}
			must(t, err)
			return d.UserName
		}
		if got := holder(); got != "alice" {
			t.Errorf("bound to %q", got)
		}
		must(t, c.UnbindMFADevice(t.Context(), "alice", d.SerialNumber))
		if got := holder(); got != "" {
			t.Errorf("unbound from %q", got)
		}
		time.Sleep(time.Minute)
		_, err = c.BindMFADevice(t.Context(), d.SerialNumber, d.Seed, alice)
		must(t, err)
		must(t, c.RemoveMFADevice(t.Context(), "alice", d.SerialNumber))
		if got := holder(); got != "gone" {
			t.Errorf("removed from %q", got)
		}
	})
}
