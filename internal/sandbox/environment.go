package sandbox

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// environment is what a command needs to know of the account.
type environment struct {
	url              string
	keyID, keySecret string
	cliConfig        string // path of a Terraform CLI configuration; empty: the user's own
}

// variables are the environment variables to set.
func (e environment) variables() []string {
	set := []string{
		"ALIBABA_CLOUD_ENDPOINT_RAM=" + e.url,
		"ALIBABA_CLOUD_ENDPOINT_IMS=" + e.url,
		"ALIBABA_CLOUD_ENDPOINT_STS=" + e.url,
		"ALIBABA_CLOUD_ENDPOINT_RESOURCEMANAGER=" + e.url,
		"ALIBABA_CLOUD_ACCESS_KEY_ID=" + e.keyID,
		"ALIBABA_CLOUD_ACCESS_KEY_SECRET=" + e.keySecret,
	}
	if e.cliConfig != "" {
		set = append(set, "TF_CLI_CONFIG_FILE="+e.cliConfig)
	}
	return set
}

// apply returns the command's environment, made from that of this process.
func (e environment) apply(environ []string) []string {
	kept := slices.DeleteFunc(slices.Clone(environ), func(variable string) bool {
		name, _, _ := strings.Cut(variable, "=")
		return ofRealAccount(name)
	})
	return append(kept, e.variables()...)
}

// ofRealAccount reports whether a variable may say which account to work on, and how. All that tools for Alibaba
// Cloud read could; the few that only say how fast to work are kept.
func ofRealAccount(name string) bool {
	for _, prefix := range []string{"ALIBABA_CLOUD_", "ALIBABACLOUD_", "ALICLOUD_", "ALIYUN_"} {
		if rest, ok := strings.CutPrefix(strings.ToUpper(name), prefix); ok {
			return !slices.Contains([]string{"MAX_RETRIES", "MAX_CONCURRENCY", "REQUEST_TIMEOUT"}, rest)
		}
	}
	return false
}

// print says how to work on the account from a shell. What it prints can be pasted there as it is.
func (e environment) print(w io.Writer, data string) {
	kept := "It is gone when this ends."
	if data != "" {
		kept = "It is kept in " + data + "."
	}
	fmt.Fprintf(w, "# A RAM account is served until you press Ctrl-C. %s\n", kept)
	fmt.Fprintf(w, "# Open %s/ in a browser to look at it, or paste this into a shell to work on it.\n", e.url)
	fmt.Fprintf(w, "# The access key is made for this account and opens nothing else.\n")
	if unset := e.toUnset(os.Environ()); len(unset) > 0 {
		fmt.Fprintln(w, "unset", strings.Join(unset, " "))
	}
	for _, variable := range e.variables() {
		name, value, _ := strings.Cut(variable, "=")
		fmt.Fprintf(w, "export %s='%s'\n", name, strings.ReplaceAll(value, "'", `'\''`))
	}
}

// toUnset names the variables that would lead to a real account.
func (e environment) toUnset(environ []string) []string {
	var names []string
	for _, variable := range environ {
		name, _, _ := strings.Cut(variable, "=")
		set := slices.ContainsFunc(e.variables(), func(v string) bool { return strings.HasPrefix(v, name+"=") })
		if ofRealAccount(name) && !set {
			names = append(names, name)
		}
	}
	return names
}
