// Command licenses checks that the licence of every module in the program allows to pass the program on, and with -write
// collects their texts, which most of them want to be passed on with it.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/google/licensecheck"
	"go.yaml.in/yaml/v4"
)

// allowed are licences that a program under MPL-2.0 can have parts under, by their SPDX names.
var allowed = map[string]bool{
	"Apache-2.0":       true,
	"BSD-2-Clause":     true,
	"BSD-3-Clause":     true,
	"MIT":              true,
	"MPL-2.0":          true,
	"Unicode-DFS-2016": true, // tables of Unicode

	// Grants that come with BSD-3-Clause.
	"GooglePatentClause": true,
	"GooglePatentsFile":  true,
}

// stated are the licences of modules that have no file with its text.
var stated = map[string]string{
	"github.com/alibabacloud-go/endpoint-util": "Apache-2.0, says its README. Copyright (c) 2009-present, Alibaba Cloud All rights reserved.",
}

// textFile is a file that has to go with what is under the licence.
var textFile = regexp.MustCompile(`(?i)^(licen[sc]e|copying|notice|patents)(-[a-z0-9.]+)?(\.(txt|md))?$`)

type module struct {
	Path, Version, Dir string
	Main               bool
}

func main() {
	write := flag.String("write", "", "write the texts into a `file`")
	flag.Parse()
	if err := run(*write); err != nil {
		fmt.Fprintln(os.Stderr, "licenses:", err)
		os.Exit(1)
	}
}

func run(file string) error {
	modules, err := linked()
	if err != nil {
		return err
	}
	var texts strings.Builder
	texts.WriteString("This program contains the following modules, each under the licence that is given with it.\n")
	var wrong error
	for _, path := range slices.Sorted(maps.Keys(modules)) {
		text, err := modules[path].licence()
		wrong = errors.Join(wrong, err)
		fmt.Fprintf(&texts, "\n%s\n%s %s\n\n%s", strings.Repeat("=", 80), path, modules[path].Version, text)
	}
	if wrong != nil || file == "" {
		return wrong
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(texts.String()), 0o666)
}

// linked gives the modules, other than its own, that the program has packages of on any platform, and Go itself.
func linked() (map[string]module, error) {
	env, err := exec.Command("go", "env", "GOVERSION", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("go env: %w", err)
	}
	version, root, _ := strings.Cut(strings.TrimSpace(string(env)), "\n")
	modules := map[string]module{"go": {Path: "go", Version: version, Dir: root}}
	systems, err := released()
	if err != nil {
		return nil, err
	}
	for _, goos := range systems {
		list := exec.Command("go", "list", "-deps", "-json=Module", ".")
		list.Env = append(os.Environ(), "GOOS="+goos, "GOARCH=amd64", "CGO_ENABLED=0")
		list.Stderr = os.Stderr
		out, err := list.Output()
		if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		for d := json.NewDecoder(strings.NewReader(string(out))); ; {
			var p struct{ Module *module }
			if err := d.Decode(&p); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				return nil, err
			}
			if p.Module != nil && !p.Module.Main {
				modules[p.Module.Path] = *p.Module
			}
		}
	}
	return modules, nil
}

// released gives the operating systems that releases are made for: modules may
// differ by them.
func released() ([]string, error) {
	const file = ".goreleaser.yml"
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var config struct {
		Builds []struct{ Goos []string }
	}
	if err := yaml.Load(text, &config); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(config.Builds) != 1 {
		return nil, fmt.Errorf("%s has %d builds, want one", file, len(config.Builds))
	}
	return config.Builds[0].Goos, nil
}

// licence gives the text of the licence, or what is wrong with it.
func (m module) licence() (string, error) {
	entries, err := os.ReadDir(m.Dir)
	if err != nil {
		return "", err
	}
	var all strings.Builder
	known := false
	for _, e := range entries {
		if !textFile.MatchString(e.Name()) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(m.Dir, e.Name()))
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&all, "%s\n", strings.TrimRight(string(text), "\n"))
		for _, match := range licensecheck.Scan(text).Match {
			if !match.IsURL && !allowed[match.ID] {
				return "", fmt.Errorf("%s is under %s, which is not allowed (%s)", m.Path, match.ID, e.Name())
			}
			known = known || allowed[match.ID]
		}
	}
	switch {
	case known:
		return all.String(), nil
	case stated[m.Path] != "" && all.Len() == 0:
		return stated[m.Path] + "\n", nil
	}
	return "", fmt.Errorf("%s has no licence that is known", m.Path)
}
