// Package policydoc compares and checks the policy documents of RAM: the
// identity policies that are attached to users, groups and roles, and the trust
// policies that say who may assume a role. It needs no account: what only the
// service can know, such as whether an action or a principal exists, is not
// looked at.
package policydoc

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// document is the text of a policy as a tree of map[string]any, []any, string,
// json.Number, bool and nil.
type document struct {
	root     any
	repeated []repetition
	// garbled says that a string holds U+FFFD. The JSON decoder puts it wherever
	// the text is not Unicode, so different texts can give the same tree.
	garbled bool
}

// repetition is a key that its object has more than once; the tree holds the
// value given last.
type repetition struct {
	statement int    // 1-based; 0 outside the statements
	element   string // of the statement, or of the document
	key       string
}

// parse reads the text of a policy. The error is a *json.SyntaxError, for JSON
// that is nested more than 10,000 deep too.
func parse(text string) (document, error) {
	// The decoder's tokens know no limit of depth; Unmarshal does.
	var valid json.RawMessage
	if err := json.Unmarshal([]byte(text), &valid); err != nil {
		return document{}, err
	}
	p := parser{tokens: json.NewDecoder(strings.NewReader(text))}
	p.tokens.UseNumber()
	root, err := p.value()
	p.doc.root = root
	return p.doc, err
}

// parser builds a document token by token, since decoding into a map would hide
// repeated keys.
type parser struct {
	tokens *json.Decoder
	path   []string // keys and 1-based list positions, down to the value being read
	doc    document
}

func (p *parser) value() (any, error) {
	token, err := p.tokens.Token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case json.Delim:
		if token == '{' {
			return p.object()
		}
		return p.list()
	case string:
		p.noteGarbled(token)
	}
	return token, nil
}

func (p *parser) object() (map[string]any, error) {
	members := map[string]any{}
	for p.tokens.More() {
		token, err := p.tokens.Token()
		if err != nil {
			return nil, err
		}
		key := token.(string)
		p.noteGarbled(key)
		value, err := p.member(key)
		if err != nil {
			return nil, err
		}
		if _, ok := members[key]; ok {
			p.noteRepeated(key)
		}
		members[key] = value
	}
	_, err := p.tokens.Token() // the closing brace
	return members, err
}

func (p *parser) list() ([]any, error) {
	items := []any{}
	for p.tokens.More() {
		value, err := p.member(strconv.Itoa(len(items) + 1))
		if err != nil {
			return nil, err
		}
		items = append(items, value)
	}
	_, err := p.tokens.Token() // the closing bracket
	return items, err
}

// member reads the value that stands under a key or at a list position.
func (p *parser) member(name string) (any, error) {
	p.path = append(p.path, name)
	defer func() { p.path = p.path[:len(p.path)-1] }()
	return p.value()
}

func (p *parser) noteGarbled(s string) {
	p.doc.garbled = p.doc.garbled || strings.ContainsRune(s, utf8.RuneError)
}

func (p *parser) noteRepeated(key string) {
	r := repetition{element: key, key: key}
	inside := p.path
	if len(inside) >= 2 && inside[0] == "Statement" {
		r.statement, _ = strconv.Atoi(inside[1])
		inside = inside[2:]
	}
	if len(inside) > 0 {
		r.element = inside[0]
	}
	p.doc.repeated = append(p.doc.repeated, r)
}

// scalars returns the strings, numbers and booleans of a value that is one of
// them or a list of them. It reports false for any other value.
func scalars(value any) ([]any, bool) {
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
	}
	for _, item := range list {
		switch item.(type) {
		case string, json.Number, bool:
		default:
			return nil, false
		}
	}
	return list, true
}
