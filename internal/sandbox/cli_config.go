package sandbox

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// setCLIConfig has Terraform and OpenTofu take the provider from this executable, by a CLI configuration that lasts
// until remove is called. Where the user has one, it is left alone, and a line says what to add to it.
func (e *environment) setCLIConfig() (remove func(), err error) {
	executable, err := os.Executable()
	if err != nil {
		return nil, err
	}
	if executable, err = filepath.EvalSymlinks(executable); err != nil {
		return nil, err
	}
	if path := userCLIConfig(); path != "" {
		hint(path, filepath.Dir(executable))
		return func() {}, nil
	}

	folder, err := os.MkdirTemp("", "ram-sandbox-")
	if err != nil {
		return nil, err
	}
	remove = func() { _ = os.RemoveAll(folder) }
	e.cliConfig = filepath.Join(folder, "sandbox.tfrc")
	content := fmt.Sprintf(cliConfig, filepath.ToSlash(pluginFolder(executable, folder)))
	if err := os.WriteFile(e.cliConfig, []byte(content), 0o600); err != nil {
		remove()
		return nil, err
	}
	return remove, nil
}

const cliConfig = `provider_installation {
  dev_overrides {
    "registry.terraform.io/ram-provider/ram" = %[1]q
    "registry.opentofu.org/ram-provider/ram" = %[1]q
  }
  direct {}
}
`

// pluginFolder returns a folder in which Terraform, which goes by names, finds this executable and no other: its own,
// or else the given one with a link.
func pluginFolder(executable, folder string) string {
	const name = "terraform-provider-ram"
	if strings.TrimSuffix(filepath.Base(executable), ".exe") == name {
		return filepath.Dir(executable)
	}
	suffix := ""
	if runtime.GOOS == "windows" {
		suffix = ".exe"
	}
	if os.Symlink(executable, filepath.Join(folder, name+suffix)) != nil {
		return filepath.Dir(executable) // Windows allows links to few
	}
	return folder
}

// userCLIConfig returns the path of the CLI configuration that Terraform or OpenTofu would read, or nothing.
func userCLIConfig() string {
	for _, name := range []string{"TF_CLI_CONFIG_FILE", "TERRAFORM_CONFIG"} {
		if path := os.Getenv(name); path != "" {
			return ifExists(path) // both ignore the other places then
		}
	}
	places := []string{}
	if home, err := os.UserHomeDir(); err == nil {
		places = append(places,
			filepath.Join(home, ".terraformrc"),
			filepath.Join(home, ".tofurc"),
			filepath.Join(home, ".config", "opentofu", "tofurc"))
	}
	if folder := os.Getenv("XDG_CONFIG_HOME"); folder != "" {
		places = append(places, filepath.Join(folder, "opentofu", "tofurc"))
	}
	if folder := os.Getenv("APPDATA"); folder != "" {
		places = append(places, filepath.Join(folder, "terraform.rc"), filepath.Join(folder, "tofu.rc"))
	}
	for _, path := range places {
		if ifExists(path) != "" {
			return path
		}
	}
	return ""
}

func ifExists(path string) string {
	if _, err := os.Stat(path); err != nil {
		return ""
	}
	return path
}

// hint tells how to use this executable, unless the configuration names its folder already.
func hint(path, folder string) {
	if content, err := os.ReadFile(path); err == nil && bytes.Contains(content, []byte(filepath.ToSlash(folder))) {
		return
	}
	complain(fmt.Sprintf(`%s decides where providers come from; to use this one, add to its provider_installation: `+
		`dev_overrides { "ram-provider/ram" = %q }`, path, filepath.ToSlash(folder)))
}
