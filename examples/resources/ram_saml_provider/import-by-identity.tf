import {
  to = ram_saml_provider.directory
  identity = {
    name = "directory"
  }
}
