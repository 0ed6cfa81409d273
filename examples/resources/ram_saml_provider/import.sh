# By the provider's name:
terraform import ram_saml_provider.directory directory
