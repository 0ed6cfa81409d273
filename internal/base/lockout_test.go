package base

import (
	"slices"
	"testing"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

func TestAdministratorsAreLeftAsFarAsSomeWayRemains(t *testing.T) {
	t.Parallel()
	user := func(name, id string) ramapi.Principal {
		return ramapi.Principal{Kind: ramapi.KindUser, Name: name, ID: id}
	}
	group := ramapi.Principal{Kind: ramapi.KindGroup, Name: "ops", ID: "g-1"}
	role := ramapi.Principal{Kind: ramapi.KindRole, Name: "deployer", ID: "31"}
	holders := []ramapi.Principal{user("alice", "1"), {Kind: ramapi.KindGroup, Name: "ops"}, role}
	for name, test := range map[string]struct {
		losses []loss
		want   []string
	}{
		"nothing is lost":                     {nil, []string{"alice", "alice", "bob", "deployer"}},
		"a deleted user loses every way":      {[]loss{{of: user("alice", "1")}}, []string{"bob", "deployer"}},
		"an id outlives a rename":             {[]loss{{of: user("former", "1")}}, []string{"alice", "bob", "deployer"}},
		"somebody else has the name now":      {[]loss{{of: user("alice", "9")}}, []string{"alice", "bob", "deployer"}}, // members are known by name only
		"a detached user stays in the group":  {[]loss{{of: user("alice", "1"), detached: true}}, []string{"alice", "bob", "deployer"}},
		"who leaves the group keeps the rest": {[]loss{{of: user("ALICE", ""), group: "OPS"}}, []string{"alice", "bob", "deployer"}},
		"who leaves another group":            {[]loss{{of: user("bob", ""), group: "others"}}, []string{"alice", "alice", "bob", "deployer"}},
		"a group goes with its members":       {[]loss{{of: group}}, []string{"alice", "deployer"}},
		"a detached group has none":           {[]loss{{of: group, detached: true}}, []string{"alice", "deployer"}},
		"all that there is":                   {[]loss{{of: user("alice", "1")}, {of: role, detached: true}, {of: user("bob", ""), group: "ops"}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := administrators{holders: holders, members: map[string][]string{"ops": {"alice", "bob"}}}
			var got []string
			for _, p := range all.left(test.losses) {
				got = append(got, p.Name)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("left are %v, wanted %v", got, test.want)
			}
		})
	}
}

func TestRoomCountsWhatComesAndGoesOnce(t *testing.T) {
	t.Parallel()
	set := func(names ...string) map[string]bool {
		all := map[string]bool{}
		for _, name := range names {
			all[name] = true
		}
		return all
	}
	for name, test := range map[string]struct {
		room       room
		have, more int
	}{
		"of a new one":              {room{comes: set("a", "b")}, 0, 2},
		"what is there comes again": {room{had: 2, there: set("a", "b"), comes: set("a", "c")}, 2, 1},
		"what goes makes room":      {room{had: 2, there: set("a", "b"), goes: set("b", "x"), comes: set("c")}, 1, 1},
		"what is replaced":          {room{had: 1, there: set("a"), goes: set("a"), comes: set("a")}, 0, 1},
		"of an account":             {room{had: 9, goes: set("a"), comes: set("b", "c")}, 8, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if have, more := test.room.balance(); have != test.have || more != test.more {
				t.Errorf("has %d and gets %d, wanted %d and %d", have, more, test.have, test.more)
			}
		})
	}
}
