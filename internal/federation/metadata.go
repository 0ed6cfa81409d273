package federation

import (
	"context"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// metadata is what a SAML identity provider says of itself, as XML and as the
// base64 of it. One of the two is configured, and the other follows from it.
type metadata struct{ XML, Encoded types.String }

// metadataText says how both forms are compared, for their descriptions.
const metadataText = "It is compared without regard to white space and comments, so reformatting it plans nothing."

// metadataFrom gives both forms of what the service has, null for nothing.
func metadataFrom(encoded string) metadata {
	if encoded == "" {
		return metadata{types.StringNull(), types.StringNull()}
	}
	m := metadata{types.StringNull(), types.StringValue(encoded)}
	if text, err := decoded(encoded); err == nil && utf8.ValidString(text) {
		m.XML = types.StringValue(text)
	}
	return m
}

// isConfigured reports whether a configuration has one of the forms, known or not.
func (m metadata) isConfigured() bool { return !m.XML.IsNull() || !m.Encoded.IsNull() }

// complete gives both forms of a configuration that has one of them: unknown
// where that one is.
func (m metadata) complete() metadata {
	switch {
	case m.XML.IsUnknown() || m.Encoded.IsUnknown():
		if m.XML.IsNull() {
			m.XML = types.StringUnknown()
		} else {
			m.Encoded = types.StringUnknown()
		}
	case m.Encoded.IsNull():
		m.Encoded = types.StringValue(base64.StdEncoding.EncodeToString([]byte(m.XML.ValueString())))
	default:
		m.XML = metadataFrom(m.Encoded.ValueString()).XML
	}
	return m
}

// orPrior gives the prior forms where they mean the same.
func (m metadata) orPrior(prior metadata) metadata {
	if m.means(prior) {
		return prior
	}
	return m
}

// means reports whether both are known and say the same of the provider.
func (m metadata) means(other metadata) bool {
	if m.Encoded.IsNull() || m.Encoded.IsUnknown() || other.Encoded.IsNull() || other.Encoded.IsUnknown() {
		return false
	}
	if m.sent() == other.sent() {
		return true
	}
	mine, err := parseMetadata(m.XML.ValueString())
	theirs, otherErr := parseMetadata(other.XML.ValueString())
	return err == nil && otherErr == nil && mine == theirs
}

// sent is the form that the service gets: base64 without white space.
func (m metadata) sent() string { return strings.Join(strings.Fields(m.Encoded.ValueString()), "") }

// decoded gives the text of base64, in which white space does not count.
func decoded(encoded string) (string, error) {
	text, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(encoded), ""))
	return string(text), err
}

// parseMetadata gives what an XML document says, apart from how it is written:
// its elements with their attributes, and its texts without the white space
// around and within them that does not separate words. A signature over it is
// such a text too: a signed document that is only reformatted, which breaks the
// signature, is therefore not sent. The error says why the document cannot be
// the metadata of a SAML identity provider.
func parseMetadata(document string) (string, error) {
	d := xml.NewDecoder(strings.NewReader(strings.TrimPrefix(document, "\ufeff")))
	d.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil }
	var says, text strings.Builder // text is what stands since the last tag
	var open []string
	endText := func() {
		separator := " "
		if len(open) > 0 && open[len(open)-1] == "X509Certificate" {
			separator = "" // base64
		}
		if words := strings.Fields(text.String()); len(words) > 0 {
			fmt.Fprintf(&says, "%q", strings.Join(words, separator))
		}
		text.Reset()
	}
	roots := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", fmt.Errorf("it is not well-formed XML: %w", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			endText()
			if len(open) == 0 {
				roots++
				if token.Name.Local != "EntityDescriptor" {
					return "", fmt.Errorf("its root is <%s>; the metadata of a SAML identity provider is an <EntityDescriptor>", token.Name.Local)
				}
			}
			open = append(open, token.Name.Local)
			slices.SortFunc(token.Attr, func(a, b xml.Attr) int {
				return strings.Compare(a.Name.Space+" "+a.Name.Local, b.Name.Space+" "+b.Name.Local)
			})
			fmt.Fprintf(&says, "<%q %q>", token.Name, token.Attr)
		case xml.EndElement:
			endText()
			open = open[:len(open)-1]
			says.WriteString("</>")
		case xml.CharData:
			text.Write(token)
		}
	}
	endText()
	if roots == 0 {
		return "", errors.New(`it is not XML; give the document itself, such as file("metadata.xml"), not its path or its address`)
	}
	if roots != 1 {
		return "", fmt.Errorf("it has %d root elements; the metadata of a SAML identity provider is one <EntityDescriptor>", roots)
	}
	return says.String(), nil
}

// metadataRule checks a document as it is written, in base64 or as XML.
type metadataRule struct{ encoded bool }

func (metadataRule) Description(context.Context) string {
	return "must be the metadata of a SAML identity provider"
}

func (r metadataRule) MarkdownDescription(ctx context.Context) string { return r.Description(ctx) }

// ValidateString refuses what is not a well-formed <EntityDescriptor>.
func (r metadataRule) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	text := req.ConfigValue.ValueString()
	if r.encoded {
		var err error
		if text, err = decoded(text); err != nil {
			resp.Diagnostics.AddAttributeError(req.Path, "Invalid SAML metadata",
				fmt.Sprintf("%s is not base64: %v. Give base64encode(...) or filebase64(...) of the metadata.", req.Path, err))
			return
		}
	}
	if _, err := parseMetadata(text); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid SAML metadata", fmt.Sprintf("%s cannot be metadata: %v.", req.Path, err))
	}
}
