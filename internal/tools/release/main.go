// Command release makes what a release consists of out of .goreleaser.yml, as GoReleaser does, but with no tag, no remote
// and nothing but Go: `make release-snapshot` and the test that installs a release cannot wait for GoReleaser to be
// built. What it makes of a commit equals GoReleaser's files byte for byte, but for the signature. It knows the keys of
// the configuration that are in use, and refuses others rather than ignore them.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

func run() error {
	version := flag.String("version", "0.0.0-dev", "the `version`, without v")
	dist := flag.String("dist", "dist", "the `folder` to make; an SBOM can be made only where it is beside go.mod")
	platforms := flag.String("platforms", "", "make only these, such as linux_amd64, with commas between them")
	noSBOM := flag.Bool("no-sbom", false, "make no SBOM, whose tool has to be built first")
	flag.Parse()

	c, err := readConfig(".goreleaser.yml")
	if err != nil {
		return err
	}
	targets, err := c.targets(*platforms)
	if err != nil {
		return err
	}
	if *noSBOM {
		c.SBOMs = nil
	}
	// Never into a folder that has something in it, which the sums would leave out.
	if err := os.Mkdir(*dist, 0o777); err != nil {
		return err
	}
	r := &release{config: c, dist: *dist, version: *version, time: commitTime()}
	if err := r.prepare(); err != nil {
		return err
	}
	for _, t := range targets {
		if err := r.add(t); err != nil {
			return fmt.Errorf("%s_%s: %w", t.os, t.arch, err)
		}
	}
	sums, err := r.sum()
	if err != nil {
		return err
	}
	signed, err := r.sign(sums)
	if err != nil {
		return err
	}
	fmt.Printf("%s: version %s for %d platforms, %s\n", *dist, *version, len(targets), signed)
	return nil
}

// commitTime is what all files are dated: SOURCE_DATE_EPOCH, or when the commit was made, or where there is none, what a
// zip begins to count with.
func commitTime() time.Time {
	text := os.Getenv("SOURCE_DATE_EPOCH")
	if text == "" {
		out, _ := exec.Command("git", "log", "-1", "--format=%ct").Output()
		text = strings.TrimSpace(string(out))
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return time.Unix(seconds, 0).UTC()
}

// signer gives the environment that signs: the key of GPG_FINGERPRINT, or one that nobody else has, in a folder that is
// to be removed. Without gpg there is none.
func signer() (env map[string]string, what string, remove func(), err error) {
	remove = func() {}
	if fingerprint := os.Getenv("GPG_FINGERPRINT"); fingerprint != "" {
		return map[string]string{"GPG_FINGERPRINT": fingerprint}, "signed with " + fingerprint, remove, nil
	}
	if program, _ := exec.LookPath("gpg"); program == "" {
		return nil, "not signed: there is no gpg", remove, nil
	}
	home, err := os.MkdirTemp("", "gpg-")
	if err != nil {
		return nil, "", remove, err
	}
	remove = func() {
		_ = gpg(home, "gpgconf", "--kill", "all").Run()
		_ = os.RemoveAll(home)
	}
	const user = "throwaway@example.com"
	generate := gpg(home, "gpg", "--batch", "--quiet", "--passphrase", "", "--quick-generate-key", user, "rsa3072", "sign", "1d")
	if out, err := generate.CombinedOutput(); err != nil {
		remove()
		return nil, "", func() {}, fmt.Errorf("making a key: %w\n%s", err, out)
	}
	return map[string]string{"GPG_FINGERPRINT": user, "GNUPGHOME": home}, "signed with a throwaway key, which is gone", remove, nil
}

func gpg(home, name string, args ...string) *exec.Cmd {
	c := exec.Command(name, args...)
	c.Env = append(os.Environ(), "GNUPGHOME="+home)
	return c
}
