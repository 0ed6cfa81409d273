package federation

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

const document = `<?xml version="1.0"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example.com" validUntil="2035-01-01T00:00:00Z">
  <ds:X509Certificate xmlns:ds="http://www.w3.org/2000/09/xmldsig#">
    MIIDdDCC
    AlygAwIB
  </ds:X509Certificate>
  <md:OrganizationName>Example  Ltd</md:OrganizationName>
</md:EntityDescriptor>
`

func inBase64(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

func TestMetadataIsComparedByWhatItSays(t *testing.T) {
	for name, tt := range map[string]struct {
		other string
		same  bool
	}{
		"the same":               {document, true},
		"no white space":         {strings.Join(strings.Fields(strings.ReplaceAll(document, "Example  Ltd", "Example\tLtd")), " "), true},
		"certificate in a line":  {strings.ReplaceAll(document, "MIIDdDCC\n    AlygAwIB", "MIIDdDCCAlygAwIB"), true},
		"other line ends":        {strings.ReplaceAll(document, "\n", "\r\n"), true},
		"a byte order mark":      {"\ufeff" + document, true},
		"a comment":              {strings.Replace(document, "<md:Org", "<!-- who --><md:Org", 1), true},
		"attributes turned":      {strings.Replace(document, `entityID="https://idp.example.com" validUntil="2035-01-01T00:00:00Z"`, `validUntil='2035-01-01T00:00:00Z'  entityID="https://idp.example.com"`, 1), true},
		"another certificate":    {strings.Replace(document, "AlygAwIB", "AlygAwIC", 1), false},
		"another entity":         {strings.Replace(document, "idp.example", "idq.example", 1), false},
		"another organization":   {strings.Replace(document, "Example  Ltd", "ExampleLtd", 1), false},
		"an element renamed":     {strings.ReplaceAll(document, "OrganizationName", "OrganizationURL"), false},
		"an element elsewhere":   {strings.Replace(document, "</md:EntityDescriptor>", "<md:a/></md:EntityDescriptor>", 1), false},
		"a comment within words": {strings.Replace(document, "Example  Ltd", "Example <!-- of old --> Ltd", 1), true},
		"a comment in a word":    {strings.Replace(document, "Example  Ltd", "Exam<!-- -->ple Ltd", 1), true},
		"CDATA":                  {strings.Replace(document, "Example  Ltd", "<![CDATA[Example ]]>Ltd", 1), true},
		"words become one":       {strings.Replace(document, "Example  Ltd", "Example<!-- -->Ltd", 1), false},
		"not XML":                {"x", false},
		"nothing":                {"", false},
		"the same and much else": {document + "<md:a/>", false},
	} {
		t.Run(name, func(t *testing.T) {
			mine, other := metadataFrom(inBase64(document)), metadataFrom(inBase64(tt.other))
			if mine.means(other) != tt.same || other.means(mine) != tt.same {
				t.Errorf("the same: %t, want %t", mine.means(other), tt.same)
			}
		})
	}
}

func TestWhiteSpaceInBase64DoesNotCount(t *testing.T) {
	encoded := inBase64(document)
	wrapped := metadata{types.StringNull(), types.StringValue("\n" + encoded[:76] + "\r\n  " + encoded[76:] + "\n")}.complete()
	if !wrapped.means(metadataFrom(encoded)) || wrapped.sent() != encoded || wrapped.XML.ValueString() != document {
		t.Errorf("got %+v", wrapped)
	}
}

func TestMetadataThatCannotBeAProvidersIsRefused(t *testing.T) {
	for text, complaint := range map[string]string{
		"":                                       "it is not XML",
		"hello":                                  "it is not XML",
		"<EntityDescriptor><a>":                  "not well-formed",
		"<EntityDescriptor>":                     "not well-formed",
		"<EntityDescriptor></a>":                 "not well-formed",
		"<EntitiesDescriptor/>":                  "its root is <EntitiesDescriptor>",
		"<html><body/></html>":                   "its root is <html>",
		strings.Repeat("<EntityDescriptor/>", 2): "2 root elements",
	} {
		if _, err := parseMetadata(text); err == nil || !strings.Contains(err.Error(), complaint) {
			t.Errorf("%q: %v, want something about %s", text, err, complaint)
		}
	}
	if _, err := parseMetadata(document); err != nil {
		t.Error(err)
	}
	if _, err := parseMetadata(`<?xml version="1.0" encoding="ISO-8859-1"?><EntityDescriptor/>`); err != nil {
		t.Error(err)
	}
}

func TestBothFormsOfMetadataFollowFromOne(t *testing.T) {
	null, unknown, xml, encoded := types.StringNull(), types.StringUnknown(), types.StringValue(document), types.StringValue(inBase64(document))
	for name, tt := range map[string]struct{ config, want metadata }{
		"XML":             {metadata{xml, null}, metadata{xml, encoded}},
		"base64":          {metadata{null, encoded}, metadata{xml, encoded}},
		"unknown XML":     {metadata{unknown, null}, metadata{unknown, unknown}},
		"unknown base64":  {metadata{null, unknown}, metadata{unknown, unknown}},
		"base64 of bytes": {metadata{null, types.StringValue("/w==")}, metadata{null, types.StringValue("/w==")}},
	} {
		if got := tt.config.complete(); got != tt.want {
			t.Errorf("%s: got %+v, want %+v", name, got, tt.want)
		}
	}
	if metadataFrom("").isConfigured() || metadataFrom("").means(metadataFrom("")) {
		t.Error("no metadata is taken for some")
	}
}

func TestTextIsNotTakenForElements(t *testing.T) {
	elements := `<EntityDescriptor><a></a></EntityDescriptor>`
	text := `<EntityDescriptor>&lt;{"" "a"} []&gt;&lt;/&gt;</EntityDescriptor>`
	if metadataFrom(inBase64(elements)).means(metadataFrom(inBase64(text))) {
		t.Error("a text says what an element does")
	}
}
