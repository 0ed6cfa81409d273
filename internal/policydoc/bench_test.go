package policydoc_test

import (
	"strings"
	"testing"

	"github.com/ram-provider/terraform-provider-ram/internal/policydoc"
)

// BenchmarkEqualKinds compares a document with itself, with the same in another layout, and with one that allows more.
func BenchmarkEqualKinds(b *testing.B) {
	for _, bb := range []struct {
		name  string
		other string
		equal bool
	}{
		{"equal text", narrow, true},
		{"reformatted", strings.NewReplacer("\n", "\n  ", ": ", ":", ", ", ",\n").Replace(narrow), true},
		{"different", strings.Replace(narrow, `"Deny"`, `"Allow"`, 1), false},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(narrow) + len(bb.other)))
			for b.Loop() {
				if policydoc.Equal(narrow, bb.other) != bb.equal {
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
