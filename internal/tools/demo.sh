#!/usr/bin/env bash
# Applies examples/account-baseline to a local RAM server: create, an empty plan, a change and its plan.
# TF is the terraform or tofu to use; the provider is bin/terraform-provider-ram, which carries the server too.
set -euo pipefail
cd "$(dirname "$0")/../.."
TF=$(command -v "${TF:-terraform}")
provider=$PWD/bin/terraform-provider-ram

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp examples/account-baseline/* "$work"
cd "$work"

# A secret for this run only; it appears in neither state nor plan.
TF_VAR_password_seed=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
export TF_VAR_password_seed TF_IN_AUTOMATION=1 CHECKPOINT_DISABLE=1
unset TF_CLI_CONFIG_FILE

bold='' plain='' color=-no-color
if [ -t 1 ]; then bold=$'\033[1m' plain=$'\033[0m' color=; fi
say() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
sha256() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi; }
in_sandbox() { "$provider" sandbox -data "$work/account.json" -- "$@"; }

say '1. Create the account baseline: settings of the account, an administrator, four people, groups, a program, roles'
in_sandbox "$TF" apply -auto-approve -no-color -compact-warnings >"$work/apply.log" || { cat "$work/apply.log"; exit 1; }
grep -E '^(Apply complete|Outputs)' "$work/apply.log"
in_sandbox "$TF" output -no-color

say '2. Plan again: nothing to do'
in_sandbox "$TF" plan -detailed-exitcode -no-color -compact-warnings >"$work/plan.log" || { cat "$work/plan.log"; exit 1; }
grep '^No changes' "$work/plan.log"

say '3. Carol marries and joins the operators: her login and her groups follow, nothing is replaced. Dave leaves'
sed -i.orig -e 's/carol,Carol,developers/caroline,Caroline,operators developers/' -e '/dave/d' users.csv
in_sandbox "$TF" plan $color -out=change.tfplan -compact-warnings | sed -n '/Terraform will perform\|OpenTofu will perform/,/^Plan:/p'
in_sandbox "$TF" apply -no-color -compact-warnings change.tfplan >"$work/apply.log" || { cat "$work/apply.log"; exit 1; }
grep '^Apply complete' "$work/apply.log"

say '4. The state and the saved plan hold no password'
in_sandbox "$TF" show -json change.tfplan >plan.json
for id in administrator 1001 1003; do
	password='Aa1!'$(printf '%s/%s' "$TF_VAR_password_seed" "$id" | sha256 | cut -c1-28)
	if grep -lF -e "$password" -e "$TF_VAR_password_seed" terraform.tfstate plan.json account.json; then
		echo 'A password was found on disk.'
		exit 1
	fi
done
echo 'Looked for the initial passwords in the state, the plan and the account: not there.'

logon_url=$(in_sandbox "$TF" output -raw logon_url)
tree=$("$provider" sandbox -data "$work/account.json" -tree | grep -v sandbox-admin)

say '5. Take everything down again'
in_sandbox "$TF" destroy -auto-approve -no-color -compact-warnings >"$work/destroy.log" || { cat "$work/destroy.log"; exit 1; }
grep '^Destroy complete' "$work/destroy.log"

say 'What there was, before it was taken down'
printf '%s\nPeople log on at %s\n' "$tree" "$logon_url"

say 'Type next'
cat <<NEXT
  export PATH="$(dirname "$provider"):$(dirname "$TF"):\$PATH"
  cp -r examples/account-baseline ~/baseline && cd ~/baseline
  export TF_VAR_password_seed=\$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')
  terraform-provider-ram sandbox -data account.json -- $(basename "$TF") apply   # make it yourself
  terraform-provider-ram sandbox -data account.json             # look at it in a browser

  A module of your own, with its test     README.md, "A module and its test, without an account"
  With a real account                     docs/guides/getting-started.md
NEXT
