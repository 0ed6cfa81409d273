package e2e

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
)

// What a release consists of.
const (
	releasedVersion = "0.1.0-test"
	releasePlatform = runtime.GOOS + "_" + runtime.GOARCH

	releasedZip      = "terraform-provider-ram_" + releasedVersion + "_" + releasePlatform + ".zip"
	releasedManifest = "terraform-provider-ram_" + releasedVersion + "_manifest.json"
	releasedSums     = "terraform-provider-ram_" + releasedVersion + "_SHA256SUMS"
)

// makeRelease makes a release of the source in a folder, for one platform, and gives its files.
func makeRelease(t *testing.T, source string) map[string]string {
	t.Helper()
	dist := filepath.Join(t.TempDir(), "dist")
	// The tool that makes the SBOM would have to be built first.
	c := exec.Command("go", "run", "./internal/tools/release", "-version", releasedVersion, "-platforms", releasePlatform, "-dist", dist, "-no-sbom")
	c.Dir = source
	c.Env = append(os.Environ(), "SOURCE_DATE_EPOCH=1700000000", "GPG_FINGERPRINT=")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("making the release: %v\n%s", err, out)
	}
	return content(t, dist)
}

// content gives the files of a folder.
func content(t *testing.T, folder string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(text)
	}
	return files
}

func TestAccRelease(t *testing.T) {
	t.Parallel()
	files := makeRelease(t, repository)
	for name, test := range map[string]func(*testing.T, map[string]string){
		"hasWhatTheRegistriesWant":                   releaseHasWhatTheRegistriesWant,
		"isInstalledByInit":                          releaseIsInstalledByInit,
		"hasTheSameBytesFromAnotherFolderWithoutGit": releaseHasTheSameBytesFromAnotherFolderWithoutGit,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, files)
		})
	}
}

func releaseHasWhatTheRegistriesWant(t *testing.T, files map[string]string) {
	want := fmt.Sprintf("%x  %s\n%x  %s\n", sha256.Sum256([]byte(files[releasedZip])), releasedZip, sha256.Sum256([]byte(files[releasedManifest])), releasedManifest)
	if files[releasedSums] != want {
		t.Errorf("the sums are\n%swant\n%s", files[releasedSums], want)
	}
	var versions struct {
		Metadata struct {
			ProtocolVersions []string `json:"protocol_versions"`
		}
	}
	if err := json.Unmarshal([]byte(files[releasedManifest]), &versions); err != nil || !slices.Equal(versions.Metadata.ProtocolVersions, []string{"6.0"}) {
		t.Errorf("the manifest is %s (%v)", files[releasedManifest], err)
	}
	if _, err := exec.LookPath("gpg"); err == nil && !strings.HasPrefix(files[releasedSums+".sig"], "\x89") {
		t.Error("there is no signature in the binary form of OpenPGP")
	}
	packed, err := zip.NewReader(strings.NewReader(files[releasedZip]), int64(len(files[releasedZip])))
	if err != nil {
		t.Fatal(err)
	}
	var modes []string
	for _, file := range packed.File {
		modes = append(modes, file.Name+" "+file.Mode().String())
	}
	if want := []string{"LICENSE -rw-r--r--", "THIRD_PARTY_LICENSES -rw-r--r--", program("terraform-provider-ram_v"+releasedVersion) + " -rwxr-xr-x"}; !slices.Equal(modes, want) {
		t.Errorf("the zip has %q, want %q", modes, want)
	}
}

func releaseIsInstalledByInit(t *testing.T, files map[string]string) {
	// As a registry's mirror in the CLI configuration, and on the account of a server that does not bring its own provider.
	account := acctest.NewLocal(t)
	w := &workspace{t: t, folder: t.TempDir(), home: t.TempDir()}
	mirror, config := filepath.Join(w.home, "mirror"), filepath.Join(w.home, "mirror.tfrc")
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		w.put(filepath.Join(mirror, host, "ram-provider", "ram", releasedZip), files[releasedZip])
	}
	w.put(config, fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", filepath.ToSlash(mirror)))
	w.put(filepath.Join(w.folder, "main.tf"), `terraform {
  required_providers {
    ram = {
      source  = "ram-provider/ram"
      version = "`+releasedVersion+`"
    }
  }
}

resource "ram_user" "alice" {
  name = "alice"
}
`)
	for _, command := range []struct{ args, says string }{
		{"init -no-color", "Installed ram-provider/ram v" + releasedVersion},
		{"version", "ram-provider/ram v" + releasedVersion},
		{"apply -auto-approve -no-color", "1 added"},
		{"destroy -auto-approve -no-color", "1 destroyed"},
	} {
		c := w.command("terraform", strings.Fields(command.args)...)
		c.Env = append(c.Env, "TF_CLI_CONFIG_FILE="+config)
		for name, value := range account.Env() {
			c.Env = append(c.Env, name+"="+value)
		}
		out, err := c.CombinedOutput()
		if err != nil || !strings.Contains(string(out), command.says) {
			t.Fatalf("terraform %s (%v) should say %q:\n%s", command.args, err, command.says, out)
		}
	}
}

func releaseHasTheSameBytesFromAnotherFolderWithoutGit(t *testing.T, files map[string]string) {
	w := &workspace{t: t, folder: t.TempDir()}
	for _, name := range []string{"go.mod", "go.sum", "main.go", ".goreleaser.yml", "LICENSE", "terraform-registry-manifest.json"} {
		text, err := os.ReadFile(filepath.Join(repository, name))
		if err != nil {
			t.Fatal(err)
		}
		w.put(filepath.Join(w.folder, name), string(text))
	}
	if err := os.CopyFS(filepath.Join(w.folder, "internal"), os.DirFS(filepath.Join(repository, "internal"))); err != nil {
		t.Fatal(err)
	}
	if there := makeRelease(t, w.folder); there[releasedSums] != files[releasedSums] {
		t.Errorf("here\n%sthere\n%s", files[releasedSums], there[releasedSums])
	}
}

// put writes a file, and makes the folders that it is in.
func (w *workspace) put(path, text string) {
	w.t.Helper()
	err := os.MkdirAll(filepath.Dir(path), 0o700)
	if err == nil {
		err = os.WriteFile(path, []byte(text), 0o600)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}
