data "ram_account" "this" {}

# What to hand out, besides the initial password, which for Alice is
#
#   printf '%s/%s' "$TF_VAR_password_seed" alice | sha256sum | cut -c1-28
#
# with Aa1! in front.
output "logons" {
  description = "For everybody the name to log on with, and the page that has it filled in."
  value = {
    for name, user in ram_user.member : name => {
      name = user.user_principal_name
      page = "${data.ram_account.this.logon_url}?username=${urlencode(user.user_principal_name)}"
    }
  }
}
