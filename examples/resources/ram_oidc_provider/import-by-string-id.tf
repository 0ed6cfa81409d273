import {
  to = ram_oidc_provider.github
  id = "github"
}
