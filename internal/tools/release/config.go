package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/template"

	"go.yaml.in/yaml/v4"
)

// config is what .goreleaser.yml says, as far as it is known here.
type config struct {
	Version     int    `yaml:"version"`
	ProjectName string `yaml:"project_name"`
	Before      struct {
		Hooks []string `yaml:"hooks"`
	} `yaml:"before"`
	Builds    []build   `yaml:"builds"`
	Archives  []archive `yaml:"archives"`
	SBOMs     []command `yaml:"sboms"`
	Checksum  checksum  `yaml:"checksum"`
	Signs     []command `yaml:"signs"`
	Release   uploads   `yaml:"release"`
	Changelog struct {
		Disable bool `yaml:"disable"`
	} `yaml:"changelog"`
}

type build struct {
	Env          []string `yaml:"env"`
	Flags        []string `yaml:"flags"`
	Ldflags      []string `yaml:"ldflags"`
	ModTimestamp string   `yaml:"mod_timestamp"`
	Goos         []string `yaml:"goos"`
	Goarch       []string `yaml:"goarch"`
	Goarm        []string `yaml:"goarm"`
	Ignore       []struct {
		Goos   string `yaml:"goos"`
		Goarch string `yaml:"goarch"`
	} `yaml:"ignore"`
	Binary string `yaml:"binary"`
}

type archive struct {
	ID           string   `yaml:"id"`
	Formats      []string `yaml:"formats"`
	NameTemplate string   `yaml:"name_template"`
	Files        []file   `yaml:"files"`
	BuildsInfo   fileInfo `yaml:"builds_info"`
}

// file is one that goes into the zip with the program.
type file struct {
	Src         string   `yaml:"src"`
	StripParent bool     `yaml:"strip_parent"`
	Info        fileInfo `yaml:"info"`
}

type fileInfo struct {
	Mode  os.FileMode `yaml:"mode"`
	MTime string      `yaml:"mtime"`
}

// command makes a document or a signature of each artifact.
type command struct {
	Artifacts string   `yaml:"artifacts"`
	Cmd       string   `yaml:"cmd"`
	Args      []string `yaml:"args"`
	Documents []string `yaml:"documents"`
	Signature string   `yaml:"signature"`
}

type checksum struct {
	IDs          []string    `yaml:"ids"`
	ExtraFiles   []extraFile `yaml:"extra_files"`
	NameTemplate string      `yaml:"name_template"`
	Algorithm    string      `yaml:"algorithm"`
}

type uploads struct {
	ExtraFiles []extraFile `yaml:"extra_files"`
}

type extraFile struct {
	Glob         string `yaml:"glob"`
	NameTemplate string `yaml:"name_template"`
}

// readConfig reads the file, and refuses what would be made in another way here than by GoReleaser.
func readConfig(name string) (*config, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var c config
	if err := yaml.Load(text, &c, yaml.WithKnownFields()); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	switch {
	case len(c.Builds) != 1 || len(c.Builds[0].Goarm) != 1 || len(c.Archives) != 1 || len(c.SBOMs) > 1 || len(c.Signs) != 1:
		err = errors.New("want one build, one kind of ARM, one archive, one SBOM and one signature")
	case !slices.Equal(c.Archives[0].Formats, []string{"zip"}) || c.Checksum.Algorithm != "sha256":
		err = errors.New("the registries want zips, and sums by sha256")
	case !slices.Equal(c.Checksum.IDs, []string{c.Archives[0].ID}):
		err = errors.New("want sums of the zips and of what is extra")
	case !slices.Equal(c.Checksum.ExtraFiles, c.Release.ExtraFiles):
		err = errors.New("what has a sum has to be in the release")
	case len(c.SBOMs) == 1 && (c.SBOMs[0].Artifacts != "binary" || len(c.SBOMs[0].Documents) != 1):
		err = errors.New("want one SBOM of each binary")
	case slices.ContainsFunc(c.Archives[0].Files, func(f file) bool { return !f.StripParent }):
		err = errors.New("want all files of a zip beside each other: strip_parent")
	case c.Signs[0].Artifacts != "checksum":
		err = errors.New("want the sums signed")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &c, nil
}

// target is what a zip is for.
type target struct{ os, arch string }

// targets gives those of the build, or of them the ones that are wanted.
func (c *config) targets(wanted string) ([]target, error) {
	b := c.Builds[0]
	only := strings.FieldsFunc(wanted, func(r rune) bool { return r == ',' || r == ' ' })
	var all []target
	for _, goos := range b.Goos {
		for _, goarch := range b.Goarch {
			ignored := false
			for _, i := range b.Ignore {
				ignored = ignored || i.Goos == goos && i.Goarch == goarch
			}
			i := slices.Index(only, goos+"_"+goarch)
			if i >= 0 {
				only = slices.Delete(only, i, i+1)
			}
			if !ignored && (i >= 0 || wanted == "") {
				all = append(all, target{goos, goarch})
			}
		}
	}
	if len(only) > 0 || len(all) == 0 {
		return nil, fmt.Errorf("no release is made for %s", wanted)
	}
	return all, nil
}

// fields are what templates and commands can refer to.
type fields map[string]any

// fill fills in a template, and variables of the form $artifact.
func (f fields) fill(text string) (string, error) {
	var unknown error
	text = os.Expand(text, func(name string) string {
		value, known := f[name].(string)
		if !known {
			unknown = fmt.Errorf("$%s is not known", name)
		}
		return value
	})
	if unknown != nil {
		return "", unknown
	}
	t, err := template.New("").Option("missingkey=error").Parse(text)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	if err := t.Execute(&out, f); err != nil {
		return "", err
	}
	return out.String(), nil
}

func (f fields) fillAll(texts []string) ([]string, error) {
	filled := make([]string, len(texts))
	for i, text := range texts {
		var err error
		if filled[i], err = f.fill(text); err != nil {
			return nil, err
		}
	}
	return filled, nil
}

// find gives the files by the names that they have in the release.
func (f fields) find(extra []extraFile) (map[string]string, error) {
	files := map[string]string{}
	for _, e := range extra {
		found, err := filepath.Glob(e.Glob)
		if err != nil || len(found) != 1 {
			return nil, fmt.Errorf("%s stands for %d files, want one", e.Glob, len(found))
		}
		name, err := f.fill(e.NameTemplate)
		if err != nil {
			return nil, err
		}
		files[name] = found[0]
	}
	return files, nil
}
