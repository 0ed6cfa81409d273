package ramserver

import "testing"

func TestAccessKeyCodes(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	c.ram("CreateUser", "UserName=alice")
	c.ram("CreateUser", "UserName=bob")
	key := c.ram("CreateAccessKey", "UserName=alice").text("AccessKey.AccessKeyId")
	play(
		t, &s,
		step{"CreateAccessKey", "UserName=carol", "404 EntityNotExist.User"},
		step{"ListAccessKeys", "UserName=carol", "404 EntityNotExist.User"},
		step{"CreateAccessKey", "UserName=alice", "200"},
		step{"CreateAccessKey", "UserName=alice", "409 LimitExceeded.User.AccessKey"},
		step{"UpdateAccessKey", "UserName=alice&Status=Active", "400 MissingUserAccessKeyId"},
		step{"UpdateAccessKey", "UserName=alice&UserAccessKeyId=" + key, "400 MissingStatus"},
		step{"UpdateAccessKey", "UserName=alice&Status=Off&UserAccessKeyId=" + key, "400 InvalidParameter.Status.Format"},
		step{"UpdateAccessKey", "UserName=bob&Status=Active&UserAccessKeyId=" + key, "404 EntityNotExist.User.AccessKey"},
		step{"UpdateAccessKey", "UserName=carol&Status=Active&UserAccessKeyId=" + key, "404 EntityNotExist.User"},
		step{"GetAccessKeyLastUsed", "UserName=bob&UserAccessKeyId=" + key, "404 EntityNotExist.User.AccessKey"},
		step{"DeleteAccessKey", "UserName=bob&UserAccessKeyId=" + key, "404 EntityNotExist.User.AccessKey"},
		step{"DeleteAccessKey", "UserName=alice&UserAccessKeyId=" + key, "200"},
		step{"DeleteAccessKey", "UserName=alice&UserAccessKeyId=" + key, "404 EntityNotExist.User.AccessKey"},
	)
}

func TestAnAccessKeySignsCallsWhileItIsActive(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	id := c.ram("CreateUser", "UserName=alice").text("User.UserId")
	b := c.ram("CreateAccessKey", "UserName=alice")
	key := b.text("AccessKey.AccessKeyId")
	if len(key) != 24 || len(b.text("AccessKey.AccessKeySecret")) != 30 {
		t.Errorf("the key has unusual lengths: %d and %d", len(key), len(b.text("AccessKey.AccessKeySecret")))
	}
	alice := testClient{t, &s, key, b.text("AccessKey.AccessKeySecret"), ""}
	used := func() string {
		return c.ram("GetAccessKeyLastUsed", "UserName=alice", "UserAccessKeyId="+key).text("AccessKeyLastUsed.LastUsedDate")
	}
	if got := used(); got != "" {
		t.Errorf("last use before the first: %q", got)
	}
	who := alice.sts("GetCallerIdentity")
	if who.text("UserId") != id || who.text("IdentityType") != "RAMUser" || who.text("Arn") != "acs:ram::1234567890123456:user/alice" {
		t.Errorf("caller: %v", who)
	}
	if used() == "" {
		t.Error("no last use after the first")
	}
	if got := alice.ram("ListAccessKeys").text("AccessKeys.AccessKey.0.AccessKeyId"); got != key {
		t.Errorf("own keys: %q", got)
	}
	c.ram("UpdateAccessKey", "UserName=alice", "UserAccessKeyId="+key, "Status=Inactive")
	alice.refused(400, "InvalidAccessKeyId.Inactive", stsVersion, "GetCallerIdentity")
	c.ram("UpdateAccessKey", "UserName=alice", "UserAccessKeyId="+key, "Status=Active")
	alice.sts("GetCallerIdentity")
	c.ram("DeleteAccessKey", "UserName=alice", "UserAccessKeyId="+key)
	alice.refused(404, "InvalidAccessKeyId.NotFound", stsVersion, "GetCallerIdentity")
}

func TestTheAccountRootHasKeysOfItsOwn(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	who := c.sts("GetCallerIdentity")
	if who.text("IdentityType") != "Account" || who.text("AccountId") != "1234567890123456" || who.text("Arn") != "acs:ram::1234567890123456:root" {
		t.Errorf("caller: %v", who)
	}
	c.ram("CreateAccessKey")
	if got := len(c.ram("ListAccessKeys").list("AccessKeys.AccessKey")); got != 2 {
		t.Errorf("%d keys, want 2", got)
	}
	if id, _ := s.RootAccessKey(); id != c.id {
		t.Error("RootAccessKey made another key")
	}
}
