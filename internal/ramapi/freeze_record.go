package ramapi

import (
	"maps"
	"slices"
	"strings"
)

// What freezing a user has switched off is recorded on the user itself, in tags
// that nobody else sees:
//
//	ram-provider:frozen            true    the user is frozen
//	ram-provider:frozen:login      Active  the console login was on
//	ram-provider:frozen:key:<id>   Active  that access key was on
//
// There is one for each thing, so that two freezes at the same time, or one that
// does not see yet what another has recorded, overwrite nothing. A user has two
// keys at most, so these are four of the twenty tags that it may have.
const (
	reservedTags = "ram-provider:"
	frozenTag    = reservedTags + "frozen"
	frozenLogin  = frozenTag + ":login"
	frozenKey    = frozenTag + ":key:"
)

// IsReservedTag reports whether tags with the key are this provider's own, and
// not among the Tags of a User.
func IsReservedTag(key string) bool { return strings.HasPrefix(key, reservedTags) }

// Freeze is what a freeze of a user has switched off and an unfreeze switches on
// again: the console login, or access keys by their ids, or both.
type Freeze struct {
	Login      bool
	AccessKeys []string
}

func keyAlone(id string) Freeze { return Freeze{AccessKeys: []string{id}} }

func (f Freeze) none() bool { return !f.Login && len(f.AccessKeys) == 0 }

// and gives what is in both.
func (f Freeze) and(other Freeze) Freeze {
	return Freeze{f.Login && other.Login, slices.DeleteFunc(slices.Clone(f.AccessKeys), func(id string) bool { return !slices.Contains(other.AccessKeys, id) })}
}

// without gives what is in f alone.
func (f Freeze) without(other Freeze) Freeze {
	return Freeze{f.Login && !other.Login, slices.DeleteFunc(slices.Clone(f.AccessKeys), func(id string) bool { return slices.Contains(other.AccessKeys, id) })}
}

// with gives what is in one of the two.
func (f Freeze) with(other Freeze) Freeze {
	return Freeze{f.Login || other.Login, slices.Concat(f.AccessKeys, other.without(f).AccessKeys)}
}

// String names what it is: "the console login and access key LTAI1".
func (f Freeze) String() string {
	var all []string
	if f.Login {
		all = append(all, "the console login")
	}
	for _, id := range f.AccessKeys {
		all = append(all, "access key "+id)
	}
	if len(all) == 0 {
		return "nothing"
	}
	return strings.Join(all, " and ")
}

// tags are the record, without what says that the user is frozen.
func (f Freeze) tags() map[string]string {
	tags := map[string]string{}
	if f.Login {
		tags[frozenLogin] = Active
	}
	for _, id := range f.AccessKeys {
		tags[frozenKey+id] = Active
	}
	return tags
}

// keys are the keys of the whole record.
func (f Freeze) keys() []string {
	return slices.Sorted(maps.Keys(User{Freeze: &f}.allTags()))
}

// setTags gives the user the tags that the service has, and the freeze that they record.
func (u *User) setTags(all map[string]string) {
	u.Tags, u.Freeze = map[string]string{}, nil
	for _, key := range slices.Sorted(maps.Keys(all)) {
		switch id, isKey := strings.CutPrefix(key, frozenKey); {
		case isKey:
			u.freeze().AccessKeys = append(u.freeze().AccessKeys, id)
		case key == frozenLogin:
			u.freeze().Login = true
		case key == frozenTag:
			u.freeze()
		case !IsReservedTag(key):
			u.Tags[key] = all[key]
		}
	}
}

func (u *User) freeze() *Freeze {
	if u.Freeze == nil {
		u.Freeze = &Freeze{}
	}
	return u.Freeze
}

// allTags gives the tags that the service has.
func (u User) allTags() map[string]string {
	all := map[string]string{}
	maps.Copy(all, u.Tags)
	if u.Freeze != nil {
		all[frozenTag] = "true"
		maps.Copy(all, u.Freeze.tags())
	}
	return all
}
