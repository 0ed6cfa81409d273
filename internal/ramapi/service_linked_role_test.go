package ramapi

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

const hdrRole = "AliyunServiceRoleForHdr"

var hdrLinked = ServiceLinkedRole{ServiceName: "hdr.aliyuncs.com"}

func TestAServiceLinkedRoleWhoseAnswerIsLostIsOurs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &ramserver.Server{}
		s.Intercept = failing("CreateServiceLinkedRole", 1, ramserver.Fault{After: true, Drop: true})
		c := newTestClient(t, s)
		for _, in := range []ServiceLinkedRole{{ServiceName: "example.aliyuncs.com", CustomSuffix: "blue"}, {ServiceName: "example.aliyuncs.com"}} {
			r, err := c.CreateServiceLinkedRole(t.Context(), in)
			if err != nil || r.ServiceLinked().CustomSuffix != in.CustomSuffix {
				t.Errorf("got %+v, %v", r, err)
			}
		}
		if n := count(s, "CreateServiceLinkedRole"); n != 2 {
			t.Errorf("created %d times", n)
		}
	})
}

func TestAServiceLinkedRoleOfSomebodyElseIsNotOurs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &ramserver.Server{}
		_, err := newTestClient(t, s).CreateServiceLinkedRole(t.Context(), hdrLinked)
		must(t, err)
		time.Sleep(time.Minute)
		s.Intercept = failing("CreateServiceLinkedRole", 1, ramserver.Fault{Drop: true})
		if r, err := newTestClient(t, s).CreateServiceLinkedRole(t.Context(), hdrLinked); !IsAlreadyExists(err) {
			t.Errorf("got %+v, %v", r, err)
		}
	})
}

func TestAServiceLinkedRoleIsMadeAgainAfterItsDeletion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &ramserver.Server{}
		c := newTestClient(t, s)
		for range 2 {
			r, err := c.CreateServiceLinkedRole(t.Context(), hdrLinked)
			if err != nil || r.Name != hdrRole || r.MaxSessionDuration == 0 || r.ServiceLinked().ServiceName != hdrLinked.ServiceName {
				t.Errorf("got %+v, %v", r, err)
			}
			must(t, c.DeleteServiceLinkedRole(t.Context(), hdrRole))
			if _, err := c.Role(t.Context(), hdrRole); !IsNotFound(err) {
				t.Errorf("after the deletion: %v", err)
			}
		}
	})
}

func TestTheDeletionOfAServiceLinkedRoleEndsHoweverItsTaskAnswers(t *testing.T) {
	status := func(text string) ramserver.Fault {
		return ramserver.Fault{Status: 200, Body: text, ContentType: "application/json"}
	}
	for name, tt := range map[string]struct {
		action string
		fault  ramserver.Fault
		times  int
		error  string // empty: it succeeds
	}{
		"answer lost":          {"DeleteServiceLinkedRole", ramserver.Fault{After: true, Drop: true}, 1, ""},
		"answer lost for long": {"DeleteServiceLinkedRole", ramserver.Fault{After: true, Drop: true, Delay: 20 * time.Second}, 1, ""},
		"not started":          {"GetServiceLinkedRoleDeletionStatus", status(`{"RequestId":"1","Status":"NOT_STARTED"}`), 3, ""},
		"task shows late":      {"GetServiceLinkedRoleDeletionStatus", ramserver.Fault{Status: 404, Code: "EntityNotExist.ServiceLinkedRole.DeletionTask"}, 3, ""},
		"internal error":       {"GetServiceLinkedRoleDeletionStatus", status(`{"RequestId":"1","Status":"INTERNAL_ERROR"}`), 1, "INTERNAL_ERROR"},
		"told too late":        {"GetServiceLinkedRoleDeletionStatus", ramserver.Fault{Status: 403, Code: "NoPermission", Message: "no", Delay: time.Second}, 1, ""},
		"forbidden":            {"GetServiceLinkedRoleDeletionStatus", ramserver.Fault{Status: 403, Code: "NoPermission", Message: "no"}, 1, "NoPermission"},
		"never ends":           {"GetServiceLinkedRoleDeletionStatus", status(`{"RequestId":"1","Status":"IN_PROGRESS"}`), 1000, "still under way"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &ramserver.Server{}
				c := newTestClient(t, s)
				_, err := c.CreateServiceLinkedRole(t.Context(), hdrLinked)
				must(t, err)
				s.Intercept = failing(tt.action, tt.times, tt.fault)
				began := time.Now()
				err = c.DeleteServiceLinkedRole(t.Context(), hdrRole)
				if tt.error == "" && err != nil || tt.error != "" && (err == nil || !strings.Contains(err.Error(), tt.error)) {
					t.Errorf("got %v", err)
				}
				if took := time.Since(began); took > deletionPatience+time.Minute {
					t.Errorf("it took %s", took)
				}
			})
		})
	}
}

func TestTheDeletionOfAServiceLinkedRoleIsNotWaitedForAfterAnInterrupt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &ramserver.Server{}
		c := newTestClient(t, s)
		_, err := c.CreateServiceLinkedRole(t.Context(), hdrLinked)
		must(t, err)
		s.UseServiceLinkedRole(hdrRole, "global", "acs:hdr::1:sitepair/s-1")
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		began := time.Now()
		if err := c.DeleteServiceLinkedRole(ctx, hdrRole); err == nil || time.Since(began) > time.Second {
			t.Errorf("after %s: %v", time.Since(began), err)
		}
		if err := c.DeleteServiceLinkedRole(t.Context(), hdrRole); err == nil || !strings.Contains(err.Error(), "sitepair/s-1 (global)") {
			t.Errorf("got %v", err)
		}
	})
}

func TestTheTrustPolicyAndTheNameTellTheServiceAndTheSuffix(t *testing.T) {
	trust := func(service string) string {
		return `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":` + service + `}}]}`
	}
	for _, tt := range []struct{ name, trust, service, suffix string }{
		{hdrRole, trust(`["hdr.aliyuncs.com"]`), "hdr.aliyuncs.com", ""},
		{hdrRole + "_blue", trust(`"hdr.aliyuncs.com"`), "hdr.aliyuncs.com", "blue"},
		{hdrRole, trust(`[]`), "", ""},
		{hdrRole, trust(`[1]`), "", ""},
		{hdrRole, `{"Statement":[{"Principal":{"RAM":["a"]}}]}`, "", ""},
		{hdrRole, `not JSON`, "", ""},
		{hdrRole, ``, "", ""},
	} {
		got := Role{Name: tt.name, AssumeRolePolicyDocument: tt.trust}.ServiceLinked()
		if got != (ServiceLinkedRole{ServiceName: tt.service, CustomSuffix: tt.suffix}) {
			t.Errorf("%s %s: %+v", tt.name, tt.trust, got)
		}
	}
	for name, want := range map[string]bool{hdrRole: true, "aliyunserviceroleforhdr": true, "AliyunServiceRole": false, "builder": false, "": false} {
		if IsServiceLinkedRole(name) != want {
			t.Errorf("%q is %v", name, !want)
		}
	}
}
