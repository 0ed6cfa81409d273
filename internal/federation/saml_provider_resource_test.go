package federation_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// document is the metadata of a SAML identity provider.
func document(entity string) string {
	return `<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://` + entity + `.example.com/saml">
  <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://` + entity + `.example.com/sso"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>
`
}

func inBase64(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

// reformatted says the same as the document.
func reformatted(document string) string {
	return strings.ReplaceAll(strings.ReplaceAll(document, "  <", "\t<"), " Binding", "\n    Binding")
}

// wrapped is base64 in lines of 60 characters.
func wrapped(encoded string) string {
	var lines []string
	for ; len(encoded) > 60; encoded = encoded[60:] {
		lines = append(lines, encoded[:60])
	}
	return strings.Join(append(lines, encoded), "\n") + "\n"
}

func asXML(text string) string    { return fmt.Sprintf("saml_metadata_document = %q\n", text) }
func asBase64(text string) string { return fmt.Sprintf("encoded_saml_metadata_document = %q\n", text) }

func samlConfig(name string, more ...string) string {
	return fmt.Sprintf("resource \"ram_saml_provider\" \"office\" {\nname = %q\n%s\n}", name, strings.Join(more, "\n"))
}

// samlProviderIs looks whether the account has what is wanted; the ARN and dates do not count.
func samlProviderIs(acc *acctest.Account, want ramapi.SAMLProvider) resource.TestCheckFunc {
	return acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
		p, err := ram.SAMLProvider(ctx, want.Name)
		if err == nil && (p.EncodedMetadata != want.EncodedMetadata || p.Description != want.Description || p.AuthnSignAlgo != want.AuthnSignAlgo) {
			err = fmt.Errorf("RAM has %+v", p)
		}
		return err
	})
}

func TestAccSAMLProvider_isCreatedReadAndImported(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("office")
	full := samlConfig(name, asXML(document("office")), `description = "Everybody"`, `authn_sign_algo = "rsa-sha256"`)
	acc.Run(t,
		resource.TestStep{
			Config: full,
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State("ram_saml_provider.office", "name", name),
				acctest.State("ram_saml_provider.office", "saml_metadata_document", document("office")),
				acctest.State("ram_saml_provider.office", "encoded_saml_metadata_document", inBase64(document("office"))),
				acctest.State("ram_saml_provider.office", "description", "Everybody"),
				acctest.State("ram_saml_provider.office", "authn_sign_algo", "rsa-sha256"),
			},
			Check: samlProviderIs(acc, ramapi.SAMLProvider{
				Name: name, EncodedMetadata: inBase64(document("office")), Description: "Everybody", AuthnSignAlgo: "rsa-sha256",
			}),
		},
		acctest.Imports("ram_saml_provider.office", name, "name"),
		resource.TestStep{Config: full, ConfigPlanChecks: acctest.PlansNothing()},
	)
}

func TestAccSAMLProvider_isUpdatedInPlace(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("office")
	inPlace := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
		plancheck.ExpectResourceAction("ram_saml_provider.office", plancheck.ResourceActionUpdate),
		acctest.KnowsAllOf("ram_saml_provider.office"),
	}}
	acc.Run(t,
		resource.TestStep{
			Config: samlConfig(name, asXML(document("office")), `description = "Everybody"`),
			Check: samlProviderIs(acc, ramapi.SAMLProvider{
				Name: name, EncodedMetadata: inBase64(document("office")), Description: "Everybody", AuthnSignAlgo: "rsa-sha1",
			}),
		},
		resource.TestStep{ // of the algorithm alone, which RAM does not take alone
			Config:           samlConfig(name, asXML(document("office")), `description = "Everybody"`, `authn_sign_algo = "rsa-sha256"`),
			ConfigPlanChecks: inPlace,
			Check: samlProviderIs(acc, ramapi.SAMLProvider{
				Name: name, EncodedMetadata: inBase64(document("office")), Description: "Everybody", AuthnSignAlgo: "rsa-sha256",
			}),
		},
		resource.TestStep{ // which stays when it is left out
			Config:           samlConfig(name, asXML(document("office"))),
			ConfigPlanChecks: inPlace,
			Check:            samlProviderIs(acc, ramapi.SAMLProvider{Name: name, EncodedMetadata: inBase64(document("office")), AuthnSignAlgo: "rsa-sha256"}),
		},
		resource.TestStep{
			Config:           samlConfig(name, asBase64(wrapped(inBase64(document("school"))))),
			ConfigPlanChecks: inPlace,
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State("ram_saml_provider.office", "saml_metadata_document", document("school")),
			},
			Check: samlProviderIs(acc, ramapi.SAMLProvider{Name: name, EncodedMetadata: inBase64(document("school")), AuthnSignAlgo: "rsa-sha256"}),
		},
	)
}

func TestAccSAMLProvider_metadataWrittenOtherwisePlansNothing(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name, text := acc.Name("office"), document("office")
	nothing := acctest.PlansNothing()
	acc.Run(t,
		resource.TestStep{Config: samlConfig(name, asXML(text))},
		resource.TestStep{Config: samlConfig(name, asXML(reformatted(text))), ConfigPlanChecks: nothing},
		resource.TestStep{Config: samlConfig(name, asBase64(wrapped(inBase64(text)))), ConfigPlanChecks: nothing},
		resource.TestStep{Config: samlConfig(name, asBase64(inBase64(reformatted(text)))), ConfigPlanChecks: nothing},
		resource.TestStep{
			Config:           samlConfig(name, asXML(reformatted(text)), `description = "Everybody"`),
			ConfigPlanChecks: acctest.Plans("ram_saml_provider.office", plancheck.ResourceActionUpdate),
			Check: samlProviderIs(acc, ramapi.SAMLProvider{
				Name: name, EncodedMetadata: inBase64(text), Description: "Everybody", AuthnSignAlgo: "rsa-sha1",
			}),
		},
	)
}

func TestAccSAMLProvider_isReplacedByAnotherName(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	acc.Run(t,
		resource.TestStep{Config: samlConfig(acc.Name("office"), asXML(document("office")))},
		resource.TestStep{
			Config:           samlConfig(acc.Name("school"), asXML(document("office"))),
			ConfigPlanChecks: acctest.Plans("ram_saml_provider.office", plancheck.ResourceActionReplace),
			Check: acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
				_, err := ram.SAMLProvider(ctx, acc.Name("office"))
				return acctest.Gone(err)
			}),
		},
	)
}

func TestAccSAMLProvider_driftIsRepaired(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("office")
	config := samlConfig(name, asXML(document("office")), `authn_sign_algo = "rsa-sha256"`)
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				_, err := acc.Client().UpdateSAMLProvider(t.Context(), name, ramapi.SAMLProviderUpdate{
					Description: new("changed in the console"), EncodedMetadata: inBase64(document("thief")), AuthnSignAlgo: "rsa-sha1",
				})
				if err != nil {
					t.Fatal(err)
				}
			},
			Config:           config,
			ConfigPlanChecks: acctest.Plans("ram_saml_provider.office", plancheck.ResourceActionUpdate),
			Check:            samlProviderIs(acc, ramapi.SAMLProvider{Name: name, EncodedMetadata: inBase64(document("office")), AuthnSignAlgo: "rsa-sha256"}),
		},
	)
}

func TestAccSAMLProvider_deletedOutsideTerraformIsRecreatedAndDestroyed(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("office")
	vanish := func() {
		if err := acc.Client().DeleteSAMLProvider(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	config := samlConfig(name, asXML(document("office")))
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{PreConfig: vanish, Config: config, ConfigPlanChecks: acctest.Plans("ram_saml_provider.office", plancheck.ResourceActionCreate)},
		resource.TestStep{PreConfig: vanish, Config: config, Destroy: true},
	)
}

func TestAccSAMLProvider_mistakesAreRefusedWhilePlanning(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	text := asXML(document("office"))
	for config, message := range map[string]string{
		samlConfig("an office", text): `has the\s+character ' '`,
		samlConfig("office-", text):   `must neither begin nor end`,
		samlConfig("office"):          `saml_metadata_document`,
		samlConfig("office", text, asBase64(inBase64(document("office")))): `saml_metadata_document`,
		samlConfig("office", asXML("<EntityDescriptor>")):                  `not\s+well-formed`,
		samlConfig("office", asXML("<html></html>")):                       `its root\s+is <html>`,
		samlConfig("office", asBase64(document("office"))):                 `is not\s+base64`,
		samlConfig("office", asBase64(inBase64("<html></html>"))):          `its root\s+is <html>`,
		samlConfig("office", text, `authn_sign_algo = "RSA"`):              `rsa-sha256`,
		samlConfig("office", text, `description = " "`):                    `description`,
	} {
		acc.Run(t, resource.TestStep{Config: config, PlanOnly: true, ExpectError: regexp.MustCompile(message)})
	}
	if writes := acc.Writes(0); len(writes) > 0 {
		t.Errorf("%s was called for what is known to be wrong", writes)
	}
}

func TestAccSAMLProvider_isPlannedWithUnknownValues(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("office")
	for _, form := range []string{asXML(document("office")), asBase64(inBase64(document("office")))} {
		attribute, value, _ := strings.Cut(form, " = ")
		acc.Run(t, resource.TestStep{
			Config: fmt.Sprintf(`
				resource "terraform_data" "office" { input = { name = %q, document = %s } }
				resource "ram_saml_provider" "office" {
				  name        = terraform_data.office.output.name
				  %s          = terraform_data.office.output.document
				  description = terraform_data.office.id
				}`, name, strings.TrimSpace(value), attribute),
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State("ram_saml_provider.office", "saml_metadata_document", document("office")),
				acctest.State("ram_saml_provider.office", "encoded_saml_metadata_document", inBase64(document("office"))),
			},
		})
	}
}

func TestAccSAMLProvider_thatExistsAlreadyIsRefusedWithTheImportCommand(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("office")
	makeSAMLProvider(t, acc, name)
	acc.Run(t, resource.TestStep{
		Config:      samlConfig(name, asXML(document("office"))),
		ExpectError: regexp.MustCompile(`terraform import\s+ram_saml_provider\.NAME\s+` + name),
	})
}

func TestAccSAMLProvider_importPlansNothing(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	name := acc.Name("office")
	makeSAMLProvider(t, acc, name)
	writes := len(acc.Writes(0))
	imports := fmt.Sprintf("import {\nto = ram_saml_provider.office\nid = %q\n}\n", name)
	untouched := acc.Inspect(func(context.Context, *ramapi.Client) error {
		if after := acc.Writes(0); len(after) != writes {
			return fmt.Errorf("the import called %s", after[writes:])
		}
		return nil
	})
	acc.Run(t,
		resource.TestStep{
			Config:           imports + samlConfig(name, asXML(reformatted(document("office")))),
			ConfigPlanChecks: acctest.Plans("ram_saml_provider.office", plancheck.ResourceActionNoop),
			Check:            untouched,
		},
		resource.TestStep{
			Config:           samlConfig(name, asBase64(wrapped(inBase64(document("office"))))),
			ConfigPlanChecks: acctest.PlansNothing(),
			Check:            untouched,
		},
	)
}

// makeSAMLProvider makes a provider from outside, which the test removes.
func makeSAMLProvider(t *testing.T, acc *acctest.Account, name string) {
	t.Helper()
	_, err := acc.Client().CreateSAMLProvider(t.Context(), ramapi.SAMLProvider{Name: name, EncodedMetadata: inBase64(document("office"))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = acc.Client().DeleteSAMLProvider(context.Background(), name) })
	if _, err := acc.Client().SAMLProvider(t.Context(), name); err != nil { // waits until it shows
		t.Fatal(err)
	}
}
