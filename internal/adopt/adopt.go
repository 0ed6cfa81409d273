// Package adopt is the command `terraform-provider-ram adopt`: it reads an account and writes the configuration that
// takes what it holds under Terraform's management, with import blocks, so that the first plan imports everything and
// changes nothing. Which things there are, and what their configuration is, it asks the provider's own list resources,
// through the protocol that Terraform speaks.
package adopt

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"

	"github.com/hashicorp/terraform-plugin-framework/provider"
)

const usage = `Usage: terraform-provider-ram adopt [options] -out DIR

Reads an account and writes a configuration with import blocks for what it holds, one file for each type of resource.
Nothing in the account is changed. Then, in DIR:

  terraform init
  terraform plan      # N to import, 0 to add, 0 to change, 0 to destroy
  terraform apply

Credentials, endpoints and limits are those of the environment, as for the provider with an empty provider block. No
secret is read or written. What exists only in another resource of the folder is referred to rather than repeated: a
member of a group is ram_user.alice.name.

Options:
  -out DIR         folder to write to, which must not hold a configuration yet; it is made where there is none
  -types A,B       only these types of resources, such as ram_user,ram_group; the prefix ram_ may be left out
  -match REGEX     only what belongs to a user, group, role, policy or identity provider whose name matches the regular
                   expression; what an account has one of, such as its password policy, is left out then unless -types
                   names it
  -h               show this text
`

// options are the command's arguments.
type options struct {
	out   string
	types []string // nil for all
	match *regexp.Regexp
}

// Main runs the command with the arguments that follow its name, for a provider that reads the process's environment.
// It returns the exit code: 0, 2 for wrong arguments, 1 when something else went wrong.
func Main(p provider.Provider, args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	o, err := parseOptions(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Print(usage)
		return 0
	case err != nil:
		fmt.Fprintf(os.Stderr, "terraform-provider-ram adopt: %v\nRun it with -h for help.\n", err)
		return 2
	}
	if err := run(ctx, p, o, os.Stdout, newProgress(os.Stderr)); err != nil {
		fmt.Fprintln(os.Stderr, "terraform-provider-ram adopt:", err)
		return 1
	}
	return 0
}

// parseOptions gives flag.ErrHelp when help was asked for.
func parseOptions(args []string) (options, error) {
	var o options
	var types, match string
	flags := flag.NewFlagSet("adopt", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.out, "out", "", "")
	flags.StringVar(&types, "types", "", "")
	flags.StringVar(&match, "match", "", "")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	switch {
	case flags.NArg() > 0:
		return o, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case o.out == "":
		return o, errors.New("-out DIR is missing")
	}
	for name := range strings.FieldsFuncSeq(types, func(r rune) bool { return r == ',' || r == ' ' }) {
		o.types = append(o.types, "ram_"+strings.TrimPrefix(name, "ram_"))
	}
	if match == "" {
		return o, nil
	}
	var err error
	if o.match, err = regexp.Compile(match); err != nil {
		return o, fmt.Errorf("-match: %w", err)
	}
	return o, nil
}

// run reads the account that the provider works on, and writes its configuration. A summary goes to out.
func run(ctx context.Context, p provider.Provider, o options, out io.Writer, progress *progress) error {
	if err := checkFolder(o.out); err != nil {
		return err
	}
	account, err := connect(ctx, p)
	if err != nil {
		return err
	}
	defer func() { progress.warn(account.warnings) }()
	types, err := chooseTypes(account.types(), o)
	if err != nil {
		return err
	}
	var things []*thing
	for _, typeName := range types {
		found, err := account.list(ctx, typeName, func(n int) { progress.show(typeName, n) })
		progress.end()
		if err != nil {
			return err
		}
		for _, t := range found {
			if o.match == nil || t.isSingleton() || o.match.MatchString(t.subject()) {
				things = append(things, t)
			}
		}
	}
	files, err := render(things)
	if err != nil {
		return err
	}
	if err := write(o.out, files); err != nil {
		return err
	}
	summarize(out, o.out, things)
	return nil
}

// chooseTypes gives the types that the options ask for, in the order of all.
func chooseTypes(all []string, o options) ([]string, error) {
	for _, name := range o.types {
		if !slices.Contains(all, name) {
			return nil, fmt.Errorf("-types: there is no %s; there are %s", name, strings.Join(all, ", "))
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(name string) bool {
		if o.types != nil {
			return !slices.Contains(o.types, name)
		}
		return o.match != nil && isSingletonType(name)
	}), nil
}

// checkFolder refuses a folder that holds a configuration: two copies of it would both import the account.
func checkFolder(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, entry := range entries {
		for _, ending := range []string{".tf", ".tf.json", ".tofu", ".tofu.json", ".tfstate"} {
			if strings.HasSuffix(entry.Name(), ending) {
				return fmt.Errorf("%s is there already; name a folder without a configuration", filepath.Join(dir, entry.Name()))
			}
		}
	}
	return err
}

// write puts the files, by their names, into the folder.
func write(dir string, files map[string][]byte) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// summarize says what was written, and what to do next.
func summarize(out io.Writer, dir string, things []*thing) {
	if len(things) == 0 {
		fmt.Fprintln(out, "Nothing to adopt was found.")
		return
	}
	counts := map[string]int{}
	var order []string
	for _, t := range things {
		if counts[t.typeName] == 0 {
			order = append(order, t.typeName)
		}
		counts[t.typeName]++
	}
	width := 0
	for _, name := range order {
		width = max(width, len(name))
	}
	fmt.Fprintf(out, "Wrote to %s:\n\n", dir)
	for _, name := range order {
		fmt.Fprintf(out, "  %-*s %6d\n", width, name, counts[name])
	}
	shown := cmp.Or(dir, ".")
	fmt.Fprintf(out, "\nNext:\n\n  terraform -chdir=%s init\n  terraform -chdir=%s plan    # %d to import, 0 to add, 0 to change, 0 to destroy\n", shown, shown, len(things))
}
