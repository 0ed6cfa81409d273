package ramapi

import "testing"

func TestACurrentPolicyCountsWhatThisProcessHasAttached(t *testing.T) {
	ctx := t.Context()
	s := accountOf(t, 1)
	c := newTestClient(t, s)
	p, err := c.CurrentPolicy(ctx, "AliyunOSSFullAccess", PolicyTypeSystem)
	must(t, err)
	calls := len(s.Calls())
	_, err = c.CurrentPolicy(ctx, "AliyunOSSFullAccess", PolicyTypeSystem)
	must(t, err)
	if more := len(s.Calls()) - calls; more > 0 {
		t.Errorf("what is known was asked for again, in %d calls", more)
	}
	must(t, c.AttachPolicy(ctx, "AliyunOSSFullAccess", PolicyTypeSystem, Principal{Kind: KindUser, Name: userNumber(0)}))
	after, err := c.CurrentPolicy(ctx, "AliyunOSSFullAccess", PolicyTypeSystem)
	must(t, err)
	if p.AttachmentCount != 0 || after.AttachmentCount != 1 {
		t.Errorf("attached to %d and then to %d", p.AttachmentCount, after.AttachmentCount)
	}
}
