package sandbox

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

var usage = `Usage: terraform-provider-ram sandbox [options] [-- COMMAND ARGS...]

Serves the API of an Alibaba Cloud RAM account that exists on this machine only, and runs the
command against it:

  terraform-provider-ram sandbox -data account.json -- terraform apply
  terraform-provider-ram sandbox -seed account.yaml -- terraform test

The command finds endpoints and credentials of the account in its environment, from which the
variables of real credentials are removed. Unless you have a Terraform CLI configuration of your
own, one is added that takes the provider ram-provider/ram from this binary; no "init" is needed
for it. Without a command it prints what to export and serves until it is interrupted.

An account has a user sandbox-admin, who is made where there is none, with AdministratorAccess and
the access key that the command gets.

The account:
  -seed FILE      what a new account starts from: a description of it, in YAML or JSON (below), or
                  what -data has kept. Left unread where -data has an account already
  -data FILE      keep the account in FILE between runs, with all that has happened to it; one
                  sandbox at a time. Without it the account is gone at the end
  -dump FILE      write a description of the account at the end: FILE.yaml, FILE.yml or FILE.json.
                  It is a seed of the same account
  -tree           draw the account when the command has ended; without a command, draw it and end
  -seed-ids N     a number from 1, with which ids and secrets repeat: the same N and the same calls
                  give the same ones, in whatever order the calls come. So does the account's
                  number, unless a file gives it

The FILE of -data and of -dump has mode 0600, because it holds the secrets of access keys and the
seeds of MFA devices in clear; of passwords it holds hashes. With -seed-ids everybody can work the
secrets out.

The service:
  -listen ADDR    loopback address and port to serve on; 127.0.0.1:0, which picks a free port, when
                  left out
  -latency D      time that every call takes longer, such as 50ms
  -throttle N/s   calls per second that the account may make; no limit when left out
  -faults FILE    what goes wrong, in JSON (below): the calls that fail, and for how long reads do
                  not show a write yet
  -h              show this text

Addresses, besides the API itself at http://ADDR/:
  GET /           a page that shows the account and the last calls, and follows what happens
  GET /events     the calls as they come: server-sent events "call", whose data is JSON with number,
                  time, api, action and, of an error, code
  GET /health     answers 200 once the account is there, such as
                  {"status":"ok","account_id":"1234567890123456","calls":0}
These show no secrets, and answer only to the name of a loopback address.

Exit codes:
  the command's   when there is one; 128 plus the number of the signal that ended it, if one did
  0               after Ctrl-C or SIGTERM, without a command
  1               a file cannot be read or written, the address is taken, the command cannot be run
  2               wrong arguments

A description, of which each part may be left out; examples/sandbox/account.yaml has all fields:

  account_alias: example
  users:
    - name: alice
      login_profile: {password: Correct-Horse-1}
      access_keys: [{id: LTAIalice, secret: only-for-tests}]
      policies: [ReadOnlyAccess]
  groups:
    - name: deployers
      members: [alice]
      policies: [deploy]
  policies:
    - name: deploy
      document:
        Version: "1"
        Statement: [{Effect: Allow, Action: "ecs:*", Resource: "*"}]

Things refer to each other by name. The rules and limits of the service hold; an error names the
file, the place, such as users[0].policies[1], and the reason. A dump leaves out dates, sessions,
the recycle bin, and what else lies in the past.

A FILE of -faults that refuses the first call of CreateGroup, loses the answers of the third and
fourth of CreateUser, and keeps reads 2 seconds behind; calls are counted per action, from 1:

  {"StaleReads": "2s", "Faults": [
    {"Action": "CreateGroup", "Status": 409, "Code": "LimitExceeded.Group",
     "Message": "No more groups."},
    {"Action": "CreateUser", "Call": 3, "Times": 2, "Fault": "lost-dropped"}]}

A Fault that refuses the call, which is not carried out:
  ` + faultNames(false) + `
One that carries it out and loses the answer:
  ` + faultNames(true) + `
Instead of a Fault, a call that the caller has no permission for, and what would deny it; without
Policies nothing allows it:
  {"Action": "CreateUser", "Denied": {"Policies": [
    {"Effect": "Deny", "PolicyIdentifier": "guard", "PolicyType": "Custom"}]}}
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
	listen   string
	data     string
	seed     string
	seedIDs  uint64 // 0: ids are random
	dump     string
	faults   string
	latency  time.Duration
	tree     bool
	throttle int // calls per second; 0: no limit
	command  []string
}

// parseOptions gives flag.ErrHelp when help was asked for.
func parseOptions(args []string) (options, error) {
	o := options{listen: "127.0.0.1:0"}
	flags := newFlags(&o)
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if o.data != "" && isSameFile(o.data, o.dump) {
		return o, errors.New("-data and -dump must be different files: a description is not all that -data keeps")
	}
	o.command = flags.Args()
	if len(o.command) == 0 && len(args) > 0 && args[len(args)-1] == "--" {
		return o, errors.New("there is no command after --; without one, leave that out too")
	}
	return o, nil
}

// isSameFile reports whether two paths lead to one file, also where that is not there yet.
func isSameFile(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	if errA == nil && errB == nil {
		return os.SameFile(infoA, infoB)
	}
	absoluteA, errA := filepath.Abs(a)
	absoluteB, errB := filepath.Abs(b)
	return errA == nil && errB == nil && b != "" && absoluteA == absoluteB
}

func newFlags(o *options) *flag.FlagSet {
	flags := flag.NewFlagSet("sandbox", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	flags.StringVar(&o.data, "data", "", "")
	flags.StringVar(&o.seed, "seed", "", "")
	flags.StringVar(&o.faults, "faults", "", "")
	flags.BoolVar(&o.tree, "tree", false, "")
	flags.Func("seed-ids", "", func(value string) (err error) {
		o.seedIDs, err = strconv.ParseUint(value, 10, 64)
		if err != nil || o.seedIDs < 1 {
			return errors.New("must be a number from 1")
		}
		return nil
	})
	flags.Func("dump", "", func(value string) error {
		o.dump = value
		if !slices.Contains([]string{".yaml", ".yml", ".json"}, strings.ToLower(filepath.Ext(value))) {
			return errors.New("must end in .yaml, .yml or .json, which says how it is written")
		}
		return nil
	})
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
	return flags
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
			"everybody who reaches %s could read the account, unencrypted and without a password", cmp.Or(host, "the machine"))
	}
	return net.JoinHostPort(host, port), nil
}
