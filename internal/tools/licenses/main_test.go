package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLicence_isKnownAllowedAndHandedOn(t *testing.T) {
	t.Parallel()
	const (
		mit = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute,
sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:
The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.
THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN
THE SOFTWARE.`
		gpl = `This program is free software: you can redistribute it and/or modify it under the terms of the GNU General Public License as published by
the Free Software Foundation, either version 3 of the License, or (at your option) any later version.`
	)
	for name, test := range map[string]struct {
		files map[string]string
		wrong string // empty where it is right
	}{
		"allowed":         {files: map[string]string{"LICENSE": mit, "NOTICE.txt": "By us."}},
		"British":         {files: map[string]string{"Licence.md": mit}},
		"not allowed":     {files: map[string]string{"COPYING": gpl}, wrong: "is under GPL-3.0"},
		"one of two":      {files: map[string]string{"LICENSE": mit, "COPYING": gpl}, wrong: "is under GPL-3.0"},
		"none":            {files: map[string]string{"README.md": mit}, wrong: "has no licence that is known"},
		"another's words": {files: map[string]string{"LICENSE": "Ask me."}, wrong: "has no licence that is known"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := module{Path: "example.com/m", Dir: t.TempDir()}
			for file, text := range test.files {
				if err := os.WriteFile(filepath.Join(m.Dir, file), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			got, err := m.licence()
			if test.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), test.wrong) {
					t.Errorf("got %q, %v", got, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range test.files {
				if !strings.Contains(got, text) {
					t.Errorf("the text does not have %q", text)
				}
			}
		})
	}
}
