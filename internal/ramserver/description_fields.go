package ramserver

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// This file takes descriptions apart, field by field: it reads them, finds the parameters that set a field, and takes
// settings over from the account.

// field is a field of a JSON object, in the order in which it is written.
type field struct {
	name  string
	value json.RawMessage
}

// objectFields refuses what is not an object, and a field that is there twice.
func objectFields(text json.RawMessage) ([]field, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return nil, errors.New("must be an object, with fields of its own")
	}
	var fields []field
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		f := field{name: name.(string)}
		if err := d.Decode(&f.value); err != nil {
			return nil, err
		}
		if slices.ContainsFunc(fields, func(other field) bool { return other.name == f.name }) {
			return nil, fmt.Errorf("has the field %q twice", f.name)
		}
		fields = append(fields, f)
	}
	return fields, nil
}

// plainJSON writes JSON without spaces, with no more escapes than it needs, and otherwise as it is.
func plainJSON(text json.RawMessage) (json.RawMessage, error) {
	switch jsonKind(text) {
	case '{':
		fields, err := objectFields(text)
		if err != nil {
			return nil, err
		}
		var items [][]byte
		for _, f := range fields {
			value, err := plainJSON(f.value)
			if err != nil {
				return nil, err
			}
			items = append(items, slices.Concat(plainText(f.name), []byte(":"), value))
		}
		return slices.Concat([]byte("{"), bytes.Join(items, []byte(",")), []byte("}")), nil
	case '[':
		var list []json.RawMessage
		if err := json.Unmarshal(text, &list); err != nil {
			return nil, err
		}
		var items [][]byte
		for _, item := range list {
			value, err := plainJSON(item)
			if err != nil {
				return nil, err
			}
			items = append(items, value)
		}
		return slices.Concat([]byte("["), bytes.Join(items, []byte(",")), []byte("]")), nil
	case '"':
		var content string
		err := json.Unmarshal(text, &content)
		return plainText(content), err
	}
	if !json.Valid(text) {
		return nil, errors.New("is not JSON")
	}
	return bytes.TrimSpace(text), nil
}

func plainText(text string) json.RawMessage {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(text) // a text can be written, and the buffer takes everything
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// jsonKind is the first character of a value: {, [, ", a digit, or that of true, false and null.
func jsonKind(text json.RawMessage) byte {
	text = bytes.TrimSpace(text)
	if len(text) == 0 {
		return 0
	}
	return text[0]
}

// shorthand is what can be written as a text, too.
type shorthand interface{ setText(text string) }

var rawMessage = reflect.TypeFor[json.RawMessage]()

// readInto sets v from JSON and refuses what does not belong there. The path, such as users[2].tags, says where it is.
func readInto(v reflect.Value, path string, text json.RawMessage) error {
	kind := jsonKind(text)
	if kind == 'n' {
		return nil // null is as good as left out
	}
	if v.Type() == rawMessage {
		v.SetBytes(slices.Clone(text))
		return nil
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return readInto(v.Elem(), path, text)
	case reflect.Struct:
		if short, ok := v.Addr().Interface().(shorthand); ok && kind == '"' {
			var content string
			err := json.Unmarshal(text, &content)
			short.setText(content)
			return err
		}
		return readStruct(v, path, text)
	case reflect.Map:
		return readMap(v, path, text)
	case reflect.Slice:
		return readSlice(v, path, text)
	case reflect.String:
		return readText(v, path, text)
	}
	if err := json.Unmarshal(text, v.Addr().Interface()); err != nil {
		return fmt.Errorf("%s: must be %s", path, map[reflect.Kind]string{reflect.Bool: "true or false", reflect.Int: "a whole number"}[v.Kind()])
	}
	return nil
}

func readStruct(v reflect.Value, path string, text json.RawMessage) error {
	fields, err := objectFields(text)
	if err != nil {
		return placed(path, err)
	}
	for _, f := range fields {
		i := slices.Index(fieldNames(v.Type()), f.name)
		if i < 0 {
			return placed(path, fmt.Errorf("there is no field %q; there are %s", f.name, strings.Join(fieldNames(v.Type()), ", ")))
		}
		if err := readInto(v.Field(i), inside(path, f.name), f.value); err != nil {
			return err
		}
	}
	return nil
}

func readMap(v reflect.Value, path string, text json.RawMessage) error {
	fields, err := objectFields(text)
	if err != nil {
		return placed(path, err)
	}
	v.Set(reflect.MakeMap(v.Type()))
	for _, f := range fields {
		value := reflect.New(v.Type().Elem()).Elem()
		if err := readInto(value, inside(path, f.name), f.value); err != nil {
			return err
		}
		v.SetMapIndex(reflect.ValueOf(f.name), value)
	}
	return nil
}

func readSlice(v reflect.Value, path string, text json.RawMessage) error {
	var items []json.RawMessage
	if err := json.Unmarshal(text, &items); err != nil {
		return placed(path, errors.New("must be a list"))
	}
	v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
	for i, item := range items {
		at := fmt.Sprintf("%s[%d]", path, i)
		if jsonKind(item) == 'n' {
			return placed(at, errors.New("is empty"))
		}
		if err := readInto(v.Index(i), at, item); err != nil {
			return err
		}
	}
	return nil
}

// readText takes a number, true or false for the text that it is written as: few people quote the number of an account.
func readText(v reflect.Value, path string, text json.RawMessage) error {
	switch jsonKind(text) {
	case '{', '[':
		return placed(path, errors.New("must be a text"))
	case '"':
		return json.Unmarshal(text, v.Addr().Interface())
	}
	v.SetString(string(bytes.TrimSpace(text)))
	return nil
}

// fieldNames are the names of a struct's fields in a description.
func fieldNames(t reflect.Type) []string {
	var out []string
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		out = append(out, name)
	}
	return out
}

// inside is the path of a field.
func inside(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func placed(path string, err error) error {
	if path == "" {
		return err
	}
	return fmt.Errorf("%s: %w", path, err)
}

// argument is a parameter of an action, and the place in the description that it comes from.
type argument struct{ param, value, path string }

// arguments are the parameters that a described thing, if any, has values for.
func arguments(described any, path string) []argument {
	if described == nil {
		return nil
	}
	v := reflect.Indirect(reflect.ValueOf(described))
	var args []argument
	for i := range v.NumField() {
		f := v.Type().Field(i)
		value := v.Field(i)
		if f.Tag.Get("api") == "" || value.IsZero() {
			continue
		}
		value = reflect.Indirect(value)
		args = append(args, argument{f.Tag.Get("api"), parameterText(value.Interface(), f.Tag.Get("join")), inside(path, fieldNames(v.Type())[i])})
	}
	return args
}

// fieldOf is the name of the field that sets a parameter, or nothing.
func fieldOf(described any, param string) string {
	if described == nil {
		return ""
	}
	t := reflect.Indirect(reflect.ValueOf(described)).Type()
	for i, name := range fieldNames(t) {
		if t.Field(i).Tag.Get("api") == param {
			return name
		}
	}
	return ""
}

// parameterText is how the API wants a value: lists joined by a mark, or else in JSON, which tags and documents are in
// as well.
func parameterText(value any, join string) string {
	switch value := value.(type) {
	case []string:
		if join != "" {
			return strings.Join(value, join)
		}
	case map[string]string:
		return string(mustMarshal(tagsOf(value)))
	case json.RawMessage:
		return documentText(value)
	case string, int, bool:
		return fmt.Sprint(value)
	}
	return string(mustMarshal(value))
}

// documentText is the text of a document that was written as an object, or as a text.
func documentText(document json.RawMessage) string {
	var text string
	if json.Unmarshal(document, &text) == nil {
		return text
	}
	if plain, err := plainJSON(document); err == nil {
		return string(plain)
	}
	return string(document) // the action says what is wrong with it
}

// describeSettings takes settings over, by the names under which the account keeps them; nil stays nil.
func describeSettings[D, S any](settings *S) *D {
	if settings == nil {
		return nil
	}
	kept := map[string]json.RawMessage{}
	if err := json.Unmarshal(mustMarshal(settings), &kept); err != nil {
		panic(err) // it was just written
	}
	d := new(D)
	v := reflect.ValueOf(d).Elem()
	for i := range v.NumField() {
		tag := v.Type().Field(i).Tag
		value := kept[tag.Get("api")]
		if mark := tag.Get("join"); mark != "" {
			value = splitText(value, mark)
		}
		if err := json.Unmarshal(value, v.Field(i).Addr().Interface()); err != nil {
			panic(err) // both were written for each other
		}
	}
	return d
}

// splitText turns a text with marks into a list, and an empty one into none.
func splitText(value json.RawMessage, mark string) json.RawMessage {
	var text string
	if json.Unmarshal(value, &text) != nil || text == "" {
		return json.RawMessage("null")
	}
	return mustMarshal(strings.Split(text, mark))
}
