package base

import (
	"strings"
	"sync"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// newcomers are the users, groups, roles and policies that a run makes: what the
// run gives them is all that they will have.
type newcomers struct {
	mu   sync.Mutex
	made map[entity]bool
}

// entity is a user, group, role or policy by its name, in lower case: RAM's
// documentation leaves open whether the case of a name matters.
type entity struct {
	kind ramapi.Kind
	name string
}

func entityOf(kind ramapi.Kind, name string) entity {
	return entity{kind, strings.ToLower(name)}
}

func aUser(name string) entity   { return entityOf(ramapi.KindUser, name) }
func aGroup(name string) entity  { return entityOf(ramapi.KindGroup, name) }
func aPolicy(name string) entity { return entityOf(ramapi.KindPolicy, name) }

// noteNew notes that the run makes it. Where that was planned before, what it was
// to get then is forgotten: see ramapi.Client.NotePlan.
func (r *Resource) noteNew(e entity) {
	all := Shared[newcomers](r)
	all.mu.Lock()
	again := all.made[e]
	if all.made == nil {
		all.made = map[entity]bool{}
	}
	all.made[e] = true
	all.mu.Unlock()
	if again {
		Shared[plannedRooms](r).forget(e)
		Shared[accessModes](r).forget(e)
	}
}

func (r *Resource) isNew(e entity) bool {
	all := Shared[newcomers](r)
	all.mu.Lock()
	defer all.mu.Unlock()
	return all.made[e]
}
