package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var configFile = filepath.Join(repository, ".goreleaser.yml")

func TestTargets_areThoseOfTheConfiguration(t *testing.T) {
	c, err := readConfig(configFile)
	if err != nil {
		t.Fatal(err)
	}
	all, err := c.targets("")
	if err != nil {
		t.Fatal(err)
	}
	// What the registries recommend.
	for _, want := range []target{{"darwin", "amd64"}, {"darwin", "arm64"}, {"linux", "amd64"}, {"linux", "arm64"}, {"linux", "arm"}, {"windows", "amd64"}} {
		if !slices.Contains(all, want) {
			t.Errorf("no release is made for %v", want)
		}
	}
	if slices.Contains(all, target{"darwin", "386"}) {
		t.Error("a release is made for what Go does not build for")
	}
	some, err := c.targets("windows_386,linux_arm")
	if want := []target{{"linux", "arm"}, {"windows", "386"}}; err != nil || !slices.Equal(some, want) {
		t.Errorf("got %v, %v", some, err)
	}
	if some, err := c.targets("linux_amd64,plan9_amd64"); err == nil {
		t.Errorf("a platform that is unknown was left out: %v", some)
	}
}

func TestReadConfig_refusesWhatItWouldMakeInAnotherWay(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(configFile)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"a key it does not know": {"mod_timestamp:", "no_unique_dist_dir: true\n    mod_timestamp:"},
		"another archive":        {"      - zip\n", "      - tar.gz\n"},
		"a sum of everything":    {"  ids:\n    - zips\n", ""},
		"a file left out":        {"release:\n  extra_files:\n    - glob: terraform-registry-manifest.json", "release:\n  extra_files:\n    - glob: LICENSE"},
		"an SBOM of the archive": {"artifacts: binary", "artifacts: archive"},
		"a signature of all":     {"artifacts: checksum", "artifacts: all"},
	} {
		changed := strings.Replace(string(text), change[0], change[1], 1)
		if changed == string(text) {
			t.Fatalf("%s: there is nothing to replace", name)
		}
		file := filepath.Join(t.TempDir(), ".goreleaser.yml")
		if err := os.WriteFile(file, []byte(changed), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := readConfig(file); err == nil {
			t.Errorf("%s is not refused", name)
		}
	}
}

func TestFill_refusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	f := fields{"artifact": "a.zip", "Version": "1.0.0"}
	if got, err := f.fill("$artifact {{ .Version }}"); err != nil || got != "a.zip 1.0.0" {
		t.Errorf("got %q, %v", got, err)
	}
	for _, text := range []string{"$artefact", "${signature}", "{{ .Tag }}"} {
		if got, err := f.fill(text); err == nil {
			t.Errorf("of %s it makes %q", text, got)
		}
	}
}
