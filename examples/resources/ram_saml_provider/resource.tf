# The company's directory. Most identity providers offer their metadata as a
# file: then write saml_metadata_document = file("metadata.xml").
resource "ram_saml_provider" "directory" {
  name            = "directory"
  description     = "Everybody who works here"
  authn_sign_algo = "rsa-sha256"

  saml_metadata_document = <<-XML
    <md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example.com/saml">
      <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
        <md:SingleSignOnService
          Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
          Location="https://idp.example.com/saml/sso"/>
      </md:IDPSSODescriptor>
    </md:EntityDescriptor>
  XML
}

# People whom the directory lets do so may look at everything.
resource "ram_role" "auditor" {
  name = "auditor"
  assume_role_policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Federated = [ram_saml_provider.directory.arn] }
      Condition = { StringEquals = { "saml:recipient" = "https://signin.alibabacloud.com/saml-role/sso" } }
    }]
  })
}

resource "ram_policy_attachment" "auditor" {
  policy_name = "ReadOnlyAccess"
  policy_type = "System"
  role_name   = ram_role.auditor.name
}
