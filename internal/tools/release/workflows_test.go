package main

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

var (
	repository = filepath.Join("..", "..", "..")
	// pinned is an action by its commit, whose tag nobody can move, and the version that the commit is.
	pinned = regexp.MustCompile(`uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)
)

func readYAML(t *testing.T, name string, into any) (text string) {
	t.Helper()
	content, err := os.ReadFile(name)
	if err == nil {
		err = yaml.Load(content, into)
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return string(content)
}

func TestWorkflows_runOnlyPinnedActionsWithTheirOwnPermissions(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(repository, ".github", "workflows", "*.yml"))
	if len(files) < 2 {
		t.Fatalf("found %d workflows", len(files))
	}
	for _, file := range files {
		var workflow struct {
			Permissions map[string]string
			Jobs        map[string]struct {
				Permissions map[string]string
			}
		}
		text := readYAML(t, file, &workflow)
		for line := range strings.Lines(text) {
			if line = strings.TrimSpace(line); strings.Contains(line, "uses:") && !pinned.MatchString(line) {
				t.Errorf("%s: not pinned to a commit, with its version as a comment: %s", file, line)
			}
		}
		if workflow.Permissions == nil || len(workflow.Permissions) > 0 {
			t.Errorf("%s: want `permissions: {}`, and each job to ask for its own", file)
		}
		for name, job := range workflow.Jobs {
			if len(job.Permissions) == 0 {
				t.Errorf("%s: job %s has no permissions of its own", file, name)
			}
			for scope, access := range job.Permissions {
				if access != "read" && filepath.Base(file) != "release.yml" {
					t.Errorf("%s: job %s may %s %s", file, name, access, scope)
				}
			}
		}
	}
}

func TestDependabot_knowsEveryModule(t *testing.T) {
	var config struct {
		Updates []struct {
			Ecosystem   string `yaml:"package-ecosystem"`
			Directory   string `yaml:"directory"`
			Directories []string
		}
	}
	readYAML(t, filepath.Join(repository, ".github", "dependabot.yml"), &config)
	got := map[string][]string{}
	for _, u := range config.Updates {
		got[u.Ecosystem] = append(u.Directories, u.Directory)
	}
	err := filepath.WalkDir(repository, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && name != repository && (entry.Name() == "node_modules" || strings.HasPrefix(entry.Name(), ".")) {
			return fs.SkipDir
		}
		ecosystem := map[string]string{"go.mod": "gomod", "package.json": "npm"}[entry.Name()]
		if ecosystem == "" {
			return nil
		}
		folder, err := filepath.Rel(repository, filepath.Dir(name))
		if want := path.Join("/", filepath.ToSlash(folder)); err == nil && !slices.Contains(got[ecosystem], want) {
			err = errors.New(".github/dependabot.yml: " + ecosystem + " does not have " + want)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
