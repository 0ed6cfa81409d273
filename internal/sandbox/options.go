package sandbox

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

var usage = `Usage: terraform-provider-ram sandbox [options] [-- COMMAND ARGS...]

Serves the API of an Alibaba Cloud RAM account that exists on this machine only, and runs the command against it:

  terraform-provider-ram sandbox -data account.json -- terraform apply

The command finds endpoints and credentials of the account in its environment, from which the variables of real
credentials are removed. Unless you have a Terraform CLI configuration of your own, one is added that takes the
provider ram-provider/ram from this binary; no "init" is needed for it. The exit code is that of the command.

Without a command it prints what to export and serves until it is interrupted. Its address, opened in a browser, shows
the account: users, groups, roles, policies and the last calls.

A new account has one user, sandbox-admin, with AdministratorAccess and the access key that the command gets.

Options:
  -data FILE      keep the account in FILE between runs (mode 0600: it holds the secrets of access keys); one sandbox
                  at a time. Without it the account is gone at the end
  -seed FILE      what a new account starts from, in the same form: any FILE that -data kept is a seed. Ignored once
                  the account exists
  -listen ADDR    loopback address and port to serve on; 127.0.0.1:0, which picks a free port, when left out
  -tree           draw the account when the command has ended; without a command, draw it and end
  -latency D      time that every call takes longer, such as 50ms
  -throttle N/s   calls per second that the account may make; no limit when left out
  -faults FILE    what goes wrong, in JSON: the calls that fail, counted per action from 1, and for how long reads do
                  not show a write yet
  -h              show this text

A FILE of -faults that refuses the first call of CreateGroup, loses the answers of the third and fourth of CreateUser,
and keeps reads 2 seconds behind:

  {"StaleReads": "2s", "Faults": [
    {"Action": "CreateGroup", "Status": 409, "Code": "LimitExceeded.Group", "Message": "No more groups."},
    {"Action": "CreateUser", "Call": 3, "Times": 2, "Fault": "lost-dropped"}]}

A Fault that refuses the call, which is not carried out:
  ` + faultNames(false) + `
One that carries it out and loses the answer:
  ` + faultNames(true) + `
Instead of a Fault, a call that the caller has no permission for, and what would deny it; without Policies nothing allows it:
  {"Action": "CreateUser", "Denied": {"Policies": [{"Effect": "Deny", "PolicyIdentifier": "guard", "PolicyType": "Custom"}]}}
`

// faultNames lists the faults that lose the answer of a call, or those that refuse it.
func faultNames(lost bool) string {
	names := slices.DeleteFunc(ramserver.FaultNames(), func(name string) bool {
		return strings.HasPrefix(name, "lost-") != lost
	})
	return strings.Join(names, ", ")
}

// options are the command's arguments.
type options struct {
	listen     string
	data, seed string
	faults     string
	latency    time.Duration
	tree       bool
	throttle   int // calls per second; 0: no limit
	command    []string
}

// parseOptions gives flag.ErrHelp when help was asked for.
func parseOptions(args []string) (options, error) {
	o := options{listen: "127.0.0.1:0"}
	flags := flag.NewFlagSet("sandbox", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	flags.StringVar(&o.data, "data", "", "")
	flags.StringVar(&o.seed, "seed", "", "")
	flags.StringVar(&o.faults, "faults", "", "")
	flags.BoolVar(&o.tree, "tree", false, "")
	flags.Func("listen", "", func(value string) (err error) {
		o.listen, err = loopbackAddress(value)
		return err
	})
	flags.Func("latency", "", func(value string) (err error) {
		o.latency, err = time.ParseDuration(value)
		if err != nil || o.latency < 0 {
			return errors.New("must be a time such as 50ms")
		}
		return nil
	})
	flags.Func("throttle", "", func(value string) (err error) {
		o.throttle, err = strconv.Atoi(strings.TrimSuffix(value, "/s"))
		if err != nil || o.throttle < 1 {
			return errors.New("must be a number of calls per second such as 20/s")
		}
		return nil
	})
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	o.command = flags.Args()
	return o, nil
}

// loopbackAddress refuses an address that others could reach: the page needs no password, and requests and answers
// are not encrypted.
func loopbackAddress(address string) (string, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", errors.New("must be a host and a port such as 127.0.0.1:8080")
	}
	if host == "localhost" {
		host = "127.0.0.1"
	}
	if ip, err := netip.ParseAddr(host); err != nil || !ip.IsLoopback() {
		return "", fmt.Errorf("only a loopback address is served on (127.0.0.1, ::1 or localhost): "+
			"everybody who reaches %q could read the account, unencrypted and without a password", host)
	}
	return net.JoinHostPort(host, port), nil
}
