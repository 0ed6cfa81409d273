package ramapi

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

func TestRecycledUsersAreThoseOfTheNameTheLastOneFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &ramserver.Server{}
		c := newTestClient(t, s)
		var ids []string
		for _, name := range []string{"alice", "bob", "alice"} {
			u, err := c.CreateUser(t.Context(), User{Name: name})
			if err == nil {
				ids = append(ids, u.ID)
				err = c.DeleteUser(t.Context(), name)
			}
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Minute)
		}
		got, err := c.RecycledUsers(t.Context(), "Alice")
		if err != nil || len(got) != 2 || got[0].ID != ids[2] || got[1].ID != ids[0] {
			t.Errorf("got %v, %v, want %s and %s", got, err, ids[2], ids[0])
		}
		if want := time.Now().Add(30*24*time.Hour - time.Minute).UTC().Format(time.RFC3339); got[0].DeleteDate != want {
			t.Errorf("kept until %s, want %s", got[0].DeleteDate, want)
		}
	})
}

func TestRecycledUsersLeaveOutWhomTheServiceShowsBesideThem(t *testing.T) {
	s := &ramserver.Server{Intercept: func(c ramserver.Call) *ramserver.Fault {
		if c.Action != "ListUsersInRecycleBin" {
			return nil
		}
		const domain = "@1234567890123456.onaliyun.com"
		return &ramserver.Fault{Status: http.StatusOK, ContentType: "application/json", Body: fmt.Sprintf(
			`{"Users":{"User":[{"UserId":"1","UserPrincipalName":"alicia%[1]s"},{"UserId":"2","UserPrincipalName":"alice%[1]s"}]}}`, domain)}
	}}
	got, err := newTestClient(t, s).RecycledUsers(t.Context(), "alice")
	if err != nil || len(got) != 1 || got[0].ID != "2" {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestRecycledKeysAreThoseOfTheUserTheFirstOneFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTestClient(t, &ramserver.Server{})
		var ids []string
		u, err := c.CreateUser(t.Context(), User{Name: "alice"})
		for range 3 {
			var key CreatedAccessKey
			if err == nil {
				key, err = c.CreateAccessKey(t.Context(), "alice")
			}
			if err == nil {
				ids = append(ids, key.ID)
				err = c.DeleteAccessKey(t.Context(), "alice", key.ID)
			}
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Minute)
		}
		got, err := c.RecycledKeys(t.Context(), u.ID)
		if err != nil || len(got) != 3 || got[0].ID != ids[0] || got[1].ID != ids[1] || got[2].ID != ids[2] {
			t.Errorf("got %v, %v, want %v", got, err, ids)
		}
	})
}
