package ramapi

import (
	"context"
	"encoding/json"
	"maps"
	"reflect"
)

// settings is one group of settings that the account has once, such as its
// password policy. S is a struct of pointers with RAM's names as JSON names. Nil
// is what the service does not tell, or what a change leaves alone.
//
// The documentation does not say for all settings whether a request that lacks
// one keeps or clears it. So a change sends everything that the service tells,
// and nothing else that it was not asked to: an older service refuses a setting
// that it does not know.
type settings[S any] struct {
	client  *Client
	name    string // as in the actions Get… and Set…, and in their answers
	known   *table[S]
	writers namedLocks // held while they are changed
}

func newSettings[S any](c *Client, name string) *settings[S] {
	s := &settings[S]{client: c, name: name}
	s.known = &table[S]{
		action: "Get" + name,
		writes: &c.writes,
		about:  func(string) watched { return watched{s.entity()} },
		single: func(ctx context.Context, _ string) (S, error) {
			return s.call(ctx, call{action: "Get" + name}, nil)
		},
	}
	return s
}

func (s *settings[S]) entity() entity { return attributesOf(Kind(s.name), "") }

func (s *settings[S]) get(ctx context.Context) (S, error) { return s.known.get(ctx, s.name, 0) }

// set changes the settings to what change makes of those that there are, and
// gives them as they are afterwards. What change gives replaces what is there
// setting by setting; nil leaves one alone.
func (s *settings[S]) set(ctx context.Context, change func(now S) S) (S, error) {
	var none S
	unlock, err := s.writers.lock(ctx, s.name)
	if err != nil {
		return none, notAsked("Set"+s.name, err)
	}
	defer unlock()
	now, err := s.get(ctx)
	if err != nil {
		return none, err
	}
	wanted := overlaid(now, change(now))
	params, err := parametersOf(wanted)
	if err != nil {
		return none, err
	}
	send := func() (S, error) { return s.call(ctx, call{action: "Set" + s.name, access: write}, params) }
	answer, err := writing(&s.client.writes, []entity{s.entity()}, send, func(answer S, at uint64) {
		if reflect.DeepEqual(toldBy(answer, wanted), wanted) { // it is whole
			s.known.put(s.name, answer, at)
		}
	})
	if IsLost(err) {
		// Look whether it is done: who gets an error takes what there was before for unchanged.
		if there, readErr := s.get(ctx); readErr == nil && reflect.DeepEqual(toldBy(wanted, there), wanted) {
			return there, nil
		}
	}
	if err != nil {
		return none, err
	}
	return overlaid(wanted, answer), nil
}

func (s *settings[S]) call(ctx context.Context, op call, params map[string]any) (S, error) {
	return do(ctx, s.client, op, func(ctx context.Context) (S, error) {
		var none S
		out, err := callRPC[struct {
			Body map[string]any `json:"body"`
		}](ctx, s.client, &s.client.ims().Client, imsVersion, op.action, "AK", params)
		if err != nil {
			return none, err
		}
		group, ok := out.Body[s.name].(map[string]any)
		if !ok {
			return none, errIncomplete
		}
		return settingsFromAPI[S](group)
	})
}

// settingsFromAPI reads the settings of an answer, which may have some of them
// in groups of its own. No name is in two of them.
func settingsFromAPI[S any](answer map[string]any) (S, error) {
	flat := map[string]any{}
	for name, value := range answer {
		if group, ok := value.(map[string]any); ok {
			maps.Copy(flat, group)
			continue
		}
		flat[name] = value
	}
	var out S
	text, err := json.Marshal(flat)
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	return out, err
}

// parametersOf gives the settings as a request has them: texts as they are, and
// everything else, lists too, as JSON.
func parametersOf[S any](all S) (map[string]any, error) {
	text, err := json.Marshal(all)
	if err != nil {
		return nil, err
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(text, &raw); err != nil {
		return nil, err
	}
	params := map[string]any{}
	for name, value := range raw {
		text := ""
		if json.Unmarshal(value, &text) != nil {
			text = string(value)
		}
		params[name] = text
	}
	return params, nil
}

// overlaid gives the lower settings with those of the upper ones in their place.
func overlaid[S any](lower, upper S) S {
	out, over := reflect.ValueOf(&lower).Elem(), reflect.ValueOf(upper)
	for i := range over.NumField() {
		if !over.Field(i).IsNil() {
			out.Field(i).Set(over.Field(i))
		}
	}
	return lower
}

// toldBy leaves of the settings those that the answer tells.
func toldBy[S any](answer, all S) S {
	out, told := reflect.ValueOf(&all).Elem(), reflect.ValueOf(answer)
	for i := range told.NumField() {
		if told.Field(i).IsNil() {
			out.Field(i).SetZero()
		}
	}
	return all
}
