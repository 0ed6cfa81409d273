import {
  to = ram_oidc_provider.github
  identity = {
    name = "github"
  }
}
