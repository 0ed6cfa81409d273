import {
  to = ram_saml_provider.directory
  id = "directory"
}
