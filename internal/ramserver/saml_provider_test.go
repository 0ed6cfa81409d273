package ramserver

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"
)

// metadata is the metadata of a SAML identity provider, in base64 and escaped for a query.
func metadata(entity string) string {
	text := `<?xml version="1.0"?><md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://` +
		entity + `.example.com/idp"><md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"/></md:EntityDescriptor>`
	return url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(text)))
}

func unescaped(query string) string {
	text, err := url.QueryUnescape(query)
	if err != nil {
		panic(err)
	}
	return text
}

func TestSAMLProviderCodes(t *testing.T) {
	const named = "SAMLProviderName=office"
	document := "&EncodedSAMLMetadataDocument=" + metadata("office")
	encoded := func(text string) string {
		return "&EncodedSAMLMetadataDocument=" + url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(text)))
	}
	play(
		t, &Server{Quotas: Quotas{SAMLProviders: 2}},
		step{"ims CreateSAMLProvider", document[1:], "400 MissingSAMLProviderName"},
		step{"ims CreateSAMLProvider", named, "400 MissingEncodedSAMLMetadataDocument"},
		step{"ims CreateSAMLProvider", "SAMLProviderName=" + strings.Repeat("a", 129) + document, "400 InvalidParameter.SAMLProviderName.Length"},
		step{"ims CreateSAMLProvider", "SAMLProviderName=an+office" + document, "400 InvalidParameter.SAMLProviderName.InvalidChars"},
		step{"ims CreateSAMLProvider", "SAMLProviderName=office-" + document, "400 InvalidParameter.SAMLProviderName.InvalidChars"},
		step{"ims CreateSAMLProvider", "SAMLProviderName=.office" + document, "400 InvalidParameter.SAMLProviderName.InvalidChars"},
		step{"ims CreateSAMLProvider", named + "&EncodedSAMLMetadataDocument=%25", "400 InvalidParameter.EncodedSAMLMetadataDocument.Format"},
		step{"ims CreateSAMLProvider", named + encoded("<a>"), "400 InvalidParameter.EncodedSAMLMetadataDocument.Format"},
		step{"ims CreateSAMLProvider", named + encoded("<a/>"), "400 InvalidParameter.EncodedSAMLMetadataDocument.Format"},
		step{"ims CreateSAMLProvider", named + document + "&AuthnSignAlgo=md5", "400 InvalidParameter.AuthnSignAlgo.Format"},
		step{"ims CreateSAMLProvider", named + document, "200"},
		step{"ims CreateSAMLProvider", named + document, "409 EntityAlreadyExists.SAMLProvider"},
		step{"ims CreateSAMLProvider", "SAMLProviderName=school" + document, "200"},
		step{"ims CreateSAMLProvider", "SAMLProviderName=shop" + document, "409 LimitExceeded.SAMLProvider"},
		step{"ims GetSAMLProvider", "SAMLProviderName=shop", "404 EntityNotExist.SAMLProvider"},
		step{"ims UpdateSAMLProvider", named + "&AuthnSignAlgo=rsa-sha256", "400 MissingNewDescription"},
		step{"ims UpdateSAMLProvider", named + "&NewEncodedSAMLMetadataDocument=eA==", "400 InvalidParameter.NewEncodedSAMLMetadataDocument.Format"},
		step{"ims UpdateSAMLProvider", named + "&NewDescription=x&AuthnSignAlgo=rsa-sha256", "200"},
		step{"ims DeleteSAMLProvider", named, "200"},
		step{"ims DeleteSAMLProvider", named, "404 EntityNotExist.SAMLProvider"},
	)
	play(t, &Server{Unsure: Unsure{SAMLProviderErrorCode: true}}, step{"ims GetSAMLProvider", named, "404 EntityNotExist.SAMLProviderError"})
}

func TestASAMLProviderIsShownAsItWasMadeAndChanged(t *testing.T) {
	for unsure, want := range map[Unsure]struct{ algo, lines string }{
		{}: {"rsa-sha256", ""},
		{UpdateSAMLProviderResets: true, MetadataInLines: true}: {"rsa-sha1", "\n"},
	} {
		s := Server{Unsure: unsure}
		c := rootClient(t, &s)
		document := unescaped(metadata("office"))
		made := c.ims("CreateSAMLProvider", "SAMLProviderName=office", "Description=Staff", "AuthnSignAlgo=rsa-sha256", "EncodedSAMLMetadataDocument="+document)
		if made.text("SAMLProvider.Arn") != "acs:ram::1234567890123456:saml-provider/office" || made.text("SAMLProvider.AuthnSignAlgo") != "rsa-sha256" ||
			made.text("SAMLProvider.Description") != "Staff" || made.at("SAMLProvider.EncodedSAMLMetadataDocument") != nil {
			t.Errorf("made: %v", made)
		}
		c.ims("UpdateSAMLProvider", "SAMLProviderName=office", "NewDescription=Everybody")
		got := c.ims("GetSAMLProvider", "SAMLProviderName=office")
		if got.text("SAMLProvider.AuthnSignAlgo") != want.algo || got.text("SAMLProvider.Description") != "Everybody" {
			t.Errorf("changed: %v", got)
		}
		shown := got.text("SAMLProvider.EncodedSAMLMetadataDocument")
		if strings.ReplaceAll(shown, "\n", "") != document || strings.Contains(shown, "\n") != (want.lines != "") {
			t.Errorf("the metadata is %q", shown)
		}
	}
}
