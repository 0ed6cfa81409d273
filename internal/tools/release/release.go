package main

import (
	"archive/zip"
	"compress/flate"
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// release is one in the making.
type release struct {
	config  *config
	dist    string
	version string
	time    time.Time // of the commit

	summed []string // files of dist that have a sum
}

func (r *release) fields() fields {
	return fields{
		"ProjectName":     r.config.ProjectName,
		"Version":         r.version,
		"CommitDate":      r.time.Format(time.RFC3339),
		"CommitTimestamp": r.time.Unix(),
	}
}

// prepare runs what has to be run first.
func (r *release) prepare() error {
	for _, hook := range r.config.Before.Hooks {
		words := strings.Fields(hook)
		if out, err := exec.Command(words[0], words[1:]...).CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", hook, err, out)
		}
	}
	return nil
}

// add builds for one platform, and makes the zip and the SBOM of what was built.
func (r *release) add(t target) error {
	f := r.fields()
	f["Os"], f["Arch"] = t.os, t.arch
	binary, err := r.build(t, f)
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(filepath.Dir(binary)) }()
	if err := r.pack(binary, f); err != nil {
		return err
	}
	for _, sbom := range r.config.SBOMs {
		name, err := f.fill(sbom.Documents[0])
		if err != nil {
			return err
		}
		// It runs in dist.
		f["document"] = name
		if f["artifact"], err = filepath.Rel(r.dist, binary); err != nil {
			return err
		}
		if err := r.run(sbom, f, r.dist, nil); err != nil {
			return err
		}
	}
	return nil
}

// build builds for one platform into a folder of its own.
func (r *release) build(t target, f fields) (string, error) {
	b := r.config.Builds[0]
	name, err := f.fill(b.Binary)
	if err != nil {
		return "", err
	}
	if t.os == "windows" {
		name += ".exe"
	}
	binary := filepath.Join(r.dist, t.os+"_"+t.arch, name)
	ldflags, err := f.fill(strings.Join(b.Ldflags, " "))
	if err != nil {
		return "", err
	}
	args := slices.Concat([]string{"build"}, b.Flags, []string{"-ldflags=" + ldflags, "-o", binary, "."})
	c := exec.Command("go", args...)
	c.Env = append(append(os.Environ(), b.Env...), "GOOS="+t.os, "GOARCH="+t.arch, "GOARM="+b.Goarm[0])
	if out, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building: %w\n%s", err, out)
	}
	return binary, nil
}

// pack makes the zip of a binary.
func (r *release) pack(binary string, f fields) error {
	a := r.config.Archives[0]
	name, err := f.fill(a.NameTemplate)
	if err != nil {
		return err
	}
	name += ".zip"
	file, err := os.Create(filepath.Join(r.dist, name))
	if err != nil {
		return err
	}
	defer file.Close()
	z := zip.NewWriter(file)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
	for _, other := range a.Files {
		if err := add(z, other.Src, filepath.Base(other.Src), other.Info, f); err != nil {
			return err
		}
	}
	if err := add(z, binary, filepath.Base(binary), a.BuildsInfo, f); err != nil {
		return err
	}
	r.summed = append(r.summed, name)
	if err := z.Close(); err != nil {
		return err
	}
	return file.Close()
}

func add(z *zip.Writer, path, name string, info fileInfo, f fields) error {
	date, err := f.fill(info.MTime)
	if err != nil {
		return err
	}
	header := &zip.FileHeader{Name: name, Method: zip.Deflate}
	if header.Modified, err = time.Parse(time.RFC3339, date); err != nil {
		return fmt.Errorf("the time of %s: %w", name, err)
	}
	header.SetMode(info.Mode)
	w, err := z.CreateHeader(header)
	if err != nil {
		return err
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = io.Copy(w, file)
	return err
}

// sum writes the sums of the zips and the other files, and gives its name.
func (r *release) sum() (string, error) {
	extra, err := r.fields().find(r.config.Checksum.ExtraFiles)
	if err != nil {
		return "", err
	}
	for name, path := range extra {
		content, err := os.ReadFile(path)
		if err == nil {
			err = os.WriteFile(filepath.Join(r.dist, name), content, 0o666)
		}
		if err != nil {
			return "", err
		}
	}
	var sums strings.Builder
	for _, name := range slices.Sorted(slices.Values(slices.AppendSeq(r.summed, maps.Keys(extra)))) {
		content, err := os.ReadFile(filepath.Join(r.dist, name))
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(content), name)
	}
	name, err := r.fields().fill(r.config.Checksum.NameTemplate)
	if err != nil {
		return "", err
	}
	path := filepath.Join(r.dist, name)
	return path, os.WriteFile(path, []byte(sums.String()), 0o666)
}

// sign signs the sums and says with what.
func (r *release) sign(sums string) (what string, err error) {
	env, what, remove, err := signer()
	defer remove()
	if err != nil || env == nil {
		return what, err
	}
	sign := r.config.Signs[0]
	f := r.fields()
	f["Env"], f["artifact"] = env, sums
	if f["signature"], err = f.fill(sign.Signature); err != nil {
		return "", err
	}
	return what, r.run(sign, f, "", env)
}

// run runs a command of the configuration.
func (r *release) run(c command, f fields, dir string, env map[string]string) error {
	args, err := f.fillAll(c.Args)
	if err != nil {
		return err
	}
	cmd := exec.Command(c.Cmd, args...)
	cmd.Dir, cmd.Env = dir, os.Environ()
	for name, value := range env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", cmd, err, out)
	}
	return nil
}
