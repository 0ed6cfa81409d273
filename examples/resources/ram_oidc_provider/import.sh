# By the provider's name:
terraform import ram_oidc_provider.github github
