# Users of the account log on through the company's directory, which names them
# as alice@example.onaliyun.com. Try it with sso_enabled = false first.
resource "ram_user_sso_settings" "this" {
  sso_enabled           = true
  sso_login_with_domain = true
  authn_sign_algo       = "rsa-sha256"

  # As a file: metadata_document = file("metadata.xml")
  metadata_document = <<-XML
    <md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example.com/saml">
      <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
        <md:SingleSignOnService
          Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
          Location="https://idp.example.com/saml/sso"/>
      </md:IDPSSODescriptor>
    </md:EntityDescriptor>
  XML
}
