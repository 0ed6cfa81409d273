// Package sandbox is the command `terraform-provider-ram sandbox`: a RAM account on this machine, to try the provider
// against. It serves the API on a loopback address and runs a command, such as terraform, in an environment in which
// the provider finds the account and nothing else: no credentials of a real account are left in it. If asked to, it
// starts from a description of an account that a person has written in YAML or JSON, keeps the account in a file
// between runs, and describes it in the end.
package sandbox

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// administrator is the RAM user whose access key the sandbox hands out. The account's own key would do, but the
// provider rightly warns of using it.
const administrator = "sandbox-admin"

// Main runs the command with the arguments that follow its name, and returns the exit code: that of the command it
// ran, 0 when it served until it was interrupted, 2 for wrong arguments, 1 when something else went wrong.
func Main(args []string) int {
	o, err := parseOptions(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Print(usage)
		return 0
	}
	if err != nil {
		complain(err)
		return 2
	}
	code, err := run(o)
	if err != nil {
		complain(err)
		return cmp.Or(code, 1)
	}
	return code
}

// complain prints one line for the person who runs the command.
func complain(about any) {
	fmt.Fprintln(os.Stderr, "terraform-provider-ram sandbox:", about)
}

// run serves the account while the command runs, or until a signal arrives.
func run(o options) (code int, err error) {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)

	account, err := newAccount(o)
	if err != nil {
		return 0, err
	}
	if o.dump != "" {
		if _, err := os.Stat(filepath.Dir(o.dump)); err != nil { // better known now than at the end
			return 0, fmt.Errorf("-dump: %w", err)
		}
	}
	file, err := openDataFile(account, o.data, o.seed)
	if err != nil {
		return 0, err
	}
	defer func() { err = cmp.Or(err, file.close()) }()

	listener, err := net.Listen("tcp", o.listen)
	if err != nil {
		return 0, err
	}
	if o.dump != "" {
		defer func() { err = cmp.Or(err, dump(account, o.dump)) }()
	}
	defer serve(listener, file.keeping(account), account.EndEvents)()

	e := environment{url: "http://" + listener.Addr().String()}
	e.keyID, e.keySecret = account.Administrator(administrator)
	removeConfig, err := e.setCLIConfig()
	if err != nil {
		return 0, err
	}
	defer removeConfig()
	if o.tree {
		defer func() { fmt.Print(account.Tree()) }()
	}
	if len(o.command) > 0 {
		return runCommand(o.command, e.apply(os.Environ()), signals)
	}
	if o.tree {
		return 0, nil
	}
	e.print(os.Stdout, o.data)
	<-signals
	return 0, nil
}

// newAccount returns an empty account that behaves as the options say.
func newAccount(o options) (*ramserver.Server, error) {
	account := &ramserver.Server{Latency: o.latency, Throttle: o.throttle, IDSeed: o.seedIDs}
	if o.faults == "" {
		return account, nil
	}
	text, err := os.ReadFile(o.faults)
	if err != nil {
		return nil, err
	}
	faults, err := ramserver.ParseFaultScript(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.faults, err)
	}
	account.StaleReads, account.Intercept = faults.StaleReads, faults.Intercept
	return account, nil
}

// serve answers requests until the function that it returns is called, which lets those under way end, and calls
// onStop for those that would not.
func serve(listener net.Listener, handler http.Handler, onStop func()) (stop func()) {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	server.RegisterOnShutdown(onStop)
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			complain(err)
		}
	}()
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		_ = server.Shutdown(ctx) // what has not ended by now has nobody waiting for it
	}
}
