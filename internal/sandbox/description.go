package sandbox

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// sow has the account start from the seed at path: a description in YAML or JSON, or what a data file held.
func sow(account *ramserver.Server, path string) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if isYAML(path, content) {
		if content, err = jsonOfYAML(content); err != nil {
			return fmt.Errorf("%s: reading the YAML of an account: %w", path, err)
		}
	}
	if err := account.Seed(content); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// dump writes a description of the account, in the form that the name of the file asks for.
func dump(account *ramserver.Server, path string) error {
	content, err := account.Describe()
	if err == nil && isYAML(path, content) {
		content, err = yamlOfJSON(content)
	}
	if err == nil {
		if target, notThere := filepath.EvalSymlinks(path); notThere == nil {
			path = target // a link stays one
		}
		err = writeFile(path, content)
	}
	if err != nil {
		return fmt.Errorf("writing the description of the account: %w", err)
	}
	return nil
}
