package policydoc_test

import (
	"strings"
	"testing"

	"github.com/ram-provider/terraform-provider-ram/internal/policydoc"
)

// BenchmarkEqual compares a document with itself, with the same in another layout, and with one that allows more.
func BenchmarkEqual(b *testing.B) {
	action := `"ecs:` + strings.Repeat("x", 50) + `*"`
	large := statement(`"Effect":"Allow","Resource":"*","Action":[` + strings.Repeat(action+",", 100) + action + `]`)
	for _, bb := range []struct {
		name       string
		one, other string
		equal      bool
	}{
		{"equal text", narrow, narrow, true},
		{"reformatted", narrow, strings.NewReplacer("\n", "\n  ", ": ", ":", ", ", ",\n").Replace(narrow), true},
		{"different", narrow, strings.Replace(narrow, `"Deny"`, `"Allow"`, 1), false},
		{"as large as can be", large, strings.ReplaceAll(large, ",", ",\n  "), true},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(bb.one) + len(bb.other)))
			for b.Loop() {
				if policydoc.Equal(bb.one, bb.other) != bb.equal {
					b.Fatalf("equal: %t", !bb.equal)
				}
			}
		})
	}
}

func BenchmarkCheck(b *testing.B) {
	for _, bb := range []struct {
		name string
		kind policydoc.Kind
		text string
	}{
		{"identity", policydoc.Identity, narrow},
		{"trust", policydoc.Trust, trustIdP},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(bb.text)))
			for b.Loop() {
				if found := policydoc.Check(bb.kind, bb.text); len(found) > 0 {
					b.Fatal(found)
				}
			}
		})
	}
}
