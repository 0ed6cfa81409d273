package adopt

import (
	"fmt"
	"io"
	"os"
	"time"
)

// progress tells how many things of a type have been read. On a terminal the count of a line grows, elsewhere each
// type has one line at its end.
type progress struct {
	to       io.Writer
	terminal bool

	typeName string
	count    int
	shown    time.Time
}

func newProgress(file *os.File) *progress {
	info, err := file.Stat()
	return &progress{to: file, terminal: err == nil && info.Mode()&os.ModeCharDevice != 0}
}

// show notes that so many things of the type have been read.
func (p *progress) show(typeName string, count int) {
	p.typeName, p.count = typeName, count
	if p.terminal && time.Since(p.shown) > 50*time.Millisecond {
		p.shown = time.Now()
		fmt.Fprintf(p.to, "\rReading %s: %d", typeName, count)
	}
}

// end ends the line of a type.
func (p *progress) end() {
	if p.typeName == "" {
		return
	}
	start := ""
	if p.terminal {
		start = "\r"
	}
	fmt.Fprintf(p.to, "%sReading %s: %d\n", start, p.typeName, p.count)
	p.typeName, p.count = "", 0
}

// warn prints what the provider warned of.
func (p *progress) warn(warnings []string) {
	for _, w := range warnings {
		fmt.Fprintf(p.to, "Warning: %s\n", w)
	}
}
