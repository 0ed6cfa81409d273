package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v4"
)

// What is YAML on the disk is JSON for the account: these functions turn one into the other, with the fields in the
// order in which they are written.

// isYAML goes by the name of a file, or where that tells nothing by how the file begins.
func isYAML(path string, content []byte) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".yaml", ".yml":
		return true
	case ".json":
		return false
	}
	return !bytes.HasPrefix(bytes.TrimSpace(content), []byte("{"))
}

// How many bytes of JSON a YAML document may become, and how deep it may go: aliases of aliases grow without end.
const (
	maxBytes = 16 << 20
	maxDepth = 200
)

// jsonOfYAML turns one YAML document into JSON. One without anything in it is an empty object.
func jsonOfYAML(text []byte) ([]byte, error) {
	loader, err := yaml.NewLoader(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	var document, next yaml.Node
	err = loader.Load(&document)
	switch {
	case errors.Is(err, io.EOF):
		return []byte("{}"), nil
	case err != nil:
		return nil, err
	case !errors.Is(loader.Load(&next), io.EOF):
		return nil, errors.New("something follows the first document")
	}
	var w jsonWriter
	if err := w.write(&document); err != nil {
		return nil, err
	}
	if w.String() == "null" {
		return []byte("{}"), nil
	}
	return w.Bytes(), nil
}

type jsonWriter struct {
	bytes.Buffer
	depth int
}

func (w *jsonWriter) write(n *yaml.Node) error {
	w.depth++
	defer func() { w.depth-- }()
	if w.Len() > maxBytes || w.depth > maxDepth {
		return fmt.Errorf("line %d: with its aliases written out, the document is too large", n.Line)
	}
	switch n.Kind {
	case yaml.DocumentNode:
		return w.write(n.Content[0])
	case yaml.AliasNode:
		return w.write(n.Alias)
	case yaml.MappingNode:
		return w.writeObject(n)
	case yaml.SequenceNode:
		return w.writeList(n)
	}
	return w.writeScalar(n)
}

func (w *jsonWriter) writeObject(n *yaml.Node) error {
	w.WriteByte('{')
	for i := 0; i < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode || key.ShortTag() == "!!merge" {
			return fmt.Errorf("line %d: the name of a field must be a text", key.Line)
		}
		if i > 0 {
			w.WriteByte(',')
		}
		if err := w.writeText(key.Value); err != nil {
			return err
		}
		w.WriteByte(':')
		if err := w.write(n.Content[i+1]); err != nil {
			return err
		}
	}
	w.WriteByte('}')
	return nil
}

func (w *jsonWriter) writeList(n *yaml.Node) error {
	w.WriteByte('[')
	for i, item := range n.Content {
		if i > 0 {
			w.WriteByte(',')
		}
		if err := w.write(item); err != nil {
			return err
		}
	}
	w.WriteByte(']')
	return nil
}

// writeScalar takes for a text what JSON has no form for: dates, and numbers such as 007.
func (w *jsonWriter) writeScalar(n *yaml.Node) error {
	switch tag := n.ShortTag(); {
	case tag == "!!null":
		w.WriteString("null")
	case tag == "!!bool":
		w.WriteString(strings.ToLower(n.Value))
	case (tag == "!!int" || tag == "!!float") && json.Valid([]byte(n.Value)):
		w.WriteString(n.Value)
	default:
		return w.writeText(n.Value)
	}
	return nil
}

func (w *jsonWriter) writeText(text string) error {
	quoted, err := json.Marshal(text)
	w.Write(quoted)
	return err
}

// yamlOfJSON turns JSON into YAML.
func yamlOfJSON(text []byte) ([]byte, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	n, err := readJSON(d)
	if err != nil {
		return nil, err
	}
	return yaml.Dump(n, yaml.WithLineWidth(-1))
}

func readJSON(d *json.Decoder) (*yaml.Node, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	n := &yaml.Node{Kind: yaml.ScalarNode}
	switch token := token.(type) {
	case json.Delim:
		n.Kind = map[json.Delim]yaml.Kind{'{': yaml.MappingNode, '[': yaml.SequenceNode}[token]
		for d.More() { // names and values in turn, or items
			inner, err := readJSON(d)
			if err != nil {
				return nil, err
			}
			n.Content = append(n.Content, inner)
		}
		_, err = d.Token() // the end
	case string:
		n.SetString(token)
		if strings.ContainsAny(token, "\r\u0085\u2028\u2029") {
			n.Style = yaml.DoubleQuotedStyle // or they would be read as ends of lines
		}
	case json.Number:
		n.Tag, n.Value = "!!int", token.String()
		if strings.ContainsAny(n.Value, ".eE") {
			n.Tag = "!!float"
		}
	case bool:
		n.Tag, n.Value = "!!bool", fmt.Sprint(token)
	default:
		n.Tag, n.Value = "!!null", "null"
	}
	return n, err
}
