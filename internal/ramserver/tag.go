package ramserver

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// tag is a key with its value, as requests write it.
type tag struct {
	Key   string
	Value string
}

// tagRule says what the tags of one kind of thing may look like.
type tagRule struct {
	maxValue int
	reserved bool // keys and values of the service's own are refused
}

var userTags = tagRule{maxValue: 128, reserved: true}

// roleTags is the rule for roles and policies.
func (s *Server) roleTags() tagRule {
	return tagRule{maxValue: 256, reserved: !s.Unsure.ReservedTagsAllowed}
}

// numberedTags reads Tag.1.Key, Tag.1.Value and so on (IMS).
func numberedTags(r request) []tag {
	var tags []tag
	for n := 1; r.Has("Tag." + strconv.Itoa(n) + ".Key"); n++ {
		prefix := "Tag." + strconv.Itoa(n)
		tags = append(tags, tag{r.Get(prefix + ".Key"), r.Get(prefix + ".Value")})
	}
	return tags
}

// jsonTags reads the Tag parameter of RAM, a list of objects in JSON.
func jsonTags(r request) ([]tag, error) {
	var tags []tag
	if !r.Has("Tag") {
		return nil, nil
	}
	if err := json.Unmarshal([]byte(r.Get("Tag")), &tags); err != nil {
		return nil, badFormat("Tag", "a JSON list of objects with Key and Value")
	}
	return tags, nil
}

// setTags adds tags to those that something has. All are checked before the first is set.
func (s *Server) setTags(have map[string]string, rule tagRule, tags []tag) error {
	all := maps.Clone(have)
	for _, t := range tags {
		if n := s.length(t.Key); n < 1 || n > 128 {
			return badLength("Tag.Key", 1, 128)
		}
		if s.length(t.Value) > rule.maxValue {
			return badLength("Tag.Value", 0, rule.maxValue)
		}
		if rule.reserved && (strings.HasPrefix(t.Key, "aliyun") || reservedTagText(t.Key)) {
			return badFormat("Tag.Key", "free of aliyun, acs:, http:// and https://")
		}
		if rule.reserved && reservedTagText(t.Value) {
			return badFormat("Tag.Value", "free of acs:, http:// and https://")
		}
		all[t.Key] = t.Value
	}
	if limit := s.quotas().TagsPerEntity; len(tags) > limit || len(all) > limit {
		return limitExceeded("Tag", limit)
	}
	maps.Copy(have, all)
	return nil
}

func reservedTagText(text string) bool {
	return strings.HasPrefix(text, "acs:") || strings.Contains(text, "http://") || strings.Contains(text, "https://")
}

// hasTags reports whether all wanted tags are there. An empty value stands for any.
func hasTags(have map[string]string, wanted []tag) bool {
	return !slices.ContainsFunc(wanted, func(t tag) bool {
		value, ok := have[t.Key]
		return !ok || t.Value != "" && t.Value != value
	})
}

func tagList(tags map[string]string) reply {
	return reply{"Tag": each(slices.Sorted(maps.Keys(tags)), func(key string) reply {
		return reply{"TagKey": key, "TagValue": tags[key]}
	})}
}

// maxTagged is how many roles or policies one tag action may name.
const maxTagged = 50

// jsonNames reads a list of strings in JSON.
func jsonNames(r request, param string, limit int) ([]string, error) {
	var names []string
	if !r.Has(param) {
		return nil, nil
	}
	if err := json.Unmarshal([]byte(r.Get(param)), &names); err != nil || len(names) > limit {
		return nil, badFormat(param, "a JSON list of at most "+strconv.Itoa(limit)+" strings")
	}
	return names, nil
}

// tagsByName returns the tags of every role or custom policy, by name.
func (s *Server) tagsByName(resourceType string) (map[string]map[string]string, error) {
	all := map[string]map[string]string{}
	switch resourceType {
	case "role":
		for _, role := range s.state.Roles {
			all[role.RoleName] = role.Tags
		}
	case "policy":
		for _, p := range s.state.Policies {
			all[p.PolicyName] = p.Tags
		}
	default:
		return nil, badFormat("ResourceType", "role or policy")
	}
	return all, nil
}

// taggedThings returns the tags of the users, roles or policies that a request names.
func (s *Server) taggedThings(r request) ([]map[string]string, error) {
	if r.version == imsVersion {
		return s.taggedUsers(r)
	}
	for _, param := range []string{"ResourceType", "ResourceNames"} {
		if !r.Has(param) {
			return nil, s.missing(param)
		}
	}
	all, err := s.tagsByName(r.Get("ResourceType"))
	if err != nil {
		return nil, err
	}
	names, err := jsonNames(r, "ResourceNames", maxTagged)
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, s.missing("ResourceNames")
	}
	things := make([]map[string]string, 0, len(names))
	for _, name := range names {
		tags, ok := all[name]
		if !ok {
			entity := map[string]string{"role": "Role", "policy": "Policy"}[r.Get("ResourceType")]
			return nil, notExist(entity, "There is no %s %s.", r.Get("ResourceType"), name)
		}
		things = append(things, tags)
	}
	return things, nil
}

// taggedUsers returns the tags of the users that a request names.
func (s *Server) taggedUsers(r request) ([]map[string]string, error) {
	users, err := s.namedUsers(r)
	if err == nil && len(users) == 0 {
		err = s.missing("ResourceId")
	}
	things := make([]map[string]string, 0, len(users))
	for _, u := range users {
		things = append(things, u.Tags)
	}
	return things, err
}

// namedUsers returns the users that a request of IMS names, by their ids or by their principal names.
func (s *Server) namedUsers(r request) ([]*user, error) {
	resourceType, err := s.required(r, "ResourceType")
	if err != nil {
		return nil, err
	}
	if resourceType != "user" {
		return nil, badFormat("ResourceType", "user")
	}
	ids, names := numbered(r, "ResourceId"), numbered(r, "ResourcePrincipalName")
	if len(ids) > 0 && len(names) > 0 {
		return nil, badFormat("ResourcePrincipalName", "left out where ResourceId is given")
	}
	if len(ids)+len(names) > maxTagged {
		return nil, badFormat("ResourceId", "at most "+strconv.Itoa(maxTagged)+" values")
	}
	var users []*user
	for _, id := range ids {
		u := s.state.Users[id]
		if u == nil || !u.visible() {
			return nil, noUser(id)
		}
		users = append(users, u)
	}
	for i := range names {
		u, err := s.userNamedBy(r, "ResourcePrincipalName."+strconv.Itoa(i+1))
		if err != nil {
			return nil, err
		}
		users = append(users, u)
	}
	return users, nil
}

// numbered reads a list of texts, Name.1, Name.2 and so on (IMS).
func numbered(r request, name string) []string {
	var all []string
	for n := 1; r.Has(name + "." + strconv.Itoa(n)); n++ {
		all = append(all, r.Get(name+"."+strconv.Itoa(n)))
	}
	return all
}

func (s *Server) tagResources(r request) (reply, error) {
	tags, rule := numberedTags(r), userTags
	if r.version != imsVersion {
		var err error
		if tags, err = jsonTags(r); err != nil {
			return nil, err
		}
		rule = s.roleTags()
	}
	if len(tags) == 0 {
		return nil, s.missing("Tag")
	}
	things, err := s.taggedThings(r)
	if err != nil {
		return nil, err
	}
	for _, have := range things {
		if err := s.setTags(maps.Clone(have), rule, tags); err != nil {
			return nil, err
		}
	}
	for _, have := range things {
		if err := s.setTags(have, rule, tags); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// untagResources removes the tags of some keys, or all of them where All is true and no key is given.
func (s *Server) untagResources(r request) (reply, error) {
	keys := numbered(r, "TagKey")
	if r.version != imsVersion {
		var err error
		if keys, err = jsonNames(r, "TagKeys", s.quotas().TagsPerEntity); err != nil {
			return nil, err
		}
	}
	if limit := s.quotas().TagsPerEntity; len(keys) > limit {
		return nil, badFormat("TagKey", "at most "+strconv.Itoa(limit)+" values")
	}
	all := false
	if err := r.boolean(&all, "All"); err != nil {
		return nil, err
	}
	things, err := s.taggedThings(r)
	if err != nil {
		return nil, err
	}
	if all && (len(keys) == 0 || r.version != imsVersion && s.Unsure.UntagAllAlways) {
		for _, have := range things {
			clear(have)
		}
		return nil, nil
	}
	for _, have := range things {
		for _, key := range keys {
			if _, ok := have[key]; !ok && s.Unsure.UntagMissingRefused {
				return nil, notExist("Tag", "There is no tag %s.", key)
			}
		}
	}
	for _, have := range things {
		maps.DeleteFunc(have, func(key, _ string) bool { return slices.Contains(keys, key) })
	}
	return nil, nil
}

// listTagResources answers one row per thing and tag, at most 100 in a page.
func (s *Server) listTagResources(r request) (reply, error) {
	if r.version == imsVersion {
		return s.listUserTags(r)
	}
	resourceType, err := s.required(r, "ResourceType")
	if err != nil {
		return nil, err
	}
	all, err := s.tagsByName(resourceType)
	if err != nil {
		return nil, err
	}
	names, err := jsonNames(r, "ResourceNames", maxTagged)
	if err != nil {
		return nil, err
	}
	wanted, err := jsonTags(r)
	if err != nil {
		return nil, err
	}
	rows := []reply{}
	for name, tags := range all {
		if r.Has("ResourceNames") && !slices.Contains(names, name) || !hasTags(tags, wanted) {
			continue
		}
		for key, value := range tags {
			rows = append(rows, reply{"ResourceType": resourceType, "ResourceName": name, "TagKey": key, "TagValue": value})
		}
	}
	rows, next, err := s.tagPage(r, rows, "ResourceName")
	if err != nil {
		return nil, err
	}
	out := reply{"TagResources": rows}
	if next != "" {
		out["NextToken"] = next
	}
	return out, nil
}

// listUserTags is ListTagResources of IMS, whose rows nest one level deeper.
func (s *Server) listUserTags(r request) (reply, error) {
	users, err := s.namedUsers(r)
	if err != nil {
		return nil, err
	}
	if len(users) == 0 {
		users = s.state.index.listed
	}
	wanted, rows := numberedTags(r), []reply{}
	for _, u := range users {
		if !hasTags(u.Tags, wanted) {
			continue
		}
		for key, value := range u.Tags {
			rows = append(rows, reply{"ResourceType": "user", "ResourceId": u.UserID, "TagKey": key, "TagValue": value})
		}
	}
	rows, next, err := s.tagPage(r, rows, "ResourceId")
	if err != nil {
		return nil, err
	}
	out := reply{"TagResources": reply{"TagResource": rows}, "IsTruncated": next != ""}
	if next != "" {
		out["NextToken"] = next
	}
	return out, nil
}

// tagPage cuts a page out of rows, which id tells apart together with the key.
func (s *Server) tagPage(r request, rows []reply, id string) ([]reply, string, error) {
	size, err := s.pageSize(r, "PageSize", 100, 100)
	if err != nil {
		return nil, "", err
	}
	key := func(row reply) string { return row[id].(string) + "/" + row["TagKey"].(string) }
	sortBy(s, rows, key)
	return pageAfter(s, rows, key, size, r.Get("NextToken"))
}
