package federation

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestAListChangesOneItemAtATimeAndAddsFirstWhileThereIsRoom(t *testing.T) {
	for name, tt := range map[string]struct {
		held, wanted, does, ends string
		failsAt                  string
	}{
		"one for one":             {held: "a", wanted: "b", does: "+b -a", ends: "b"},
		"nothing new":             {held: "a b", wanted: "b A", does: "", ends: "a b"},
		"one more":                {held: "a b", wanted: "a b c", does: "+c", ends: "a b c"},
		"one less":                {held: "a b c", wanted: "b", does: "-a -c", ends: "b"},
		"a full one":              {held: "a b c", wanted: "d e f", does: "-a +d -b +e -c +f", ends: "d e f"},
		"a full one, but for one": {held: "a b c", wanted: "a b d", does: "-c +d", ends: "a b d"},
		"one that was full":       {held: "a b c", wanted: "d", does: "-a +d -b -c", ends: "d"},
		"more than there may be":  {held: "a b c d", wanted: "e", does: "-a -b +e -c -d", ends: "e"},
		"a failed addition":       {held: "a", wanted: "b c", does: "+b", ends: "a b", failsAt: "+c"},
		"a failed removal":        {held: "a b", wanted: "c", does: "+c -a", ends: "b c", failsAt: "-b"},
	} {
		t.Run(name, func(t *testing.T) {
			var does []string
			do := func(sign string) func(context.Context, string) error {
				return func(_ context.Context, item string) error {
					if sign+item == tt.failsAt {
						return errors.New("refused")
					}
					does = append(does, sign+item)
					return nil
				}
			}
			list := oidcList{most: 3, same: strings.EqualFold, add: do("+"), remove: do("-")}
			ends, err := list.change(t.Context(), strings.Fields(tt.held), strings.Fields(tt.wanted))
			slices.Sort(ends)
			if got := strings.Join(does, " "); got != tt.does || strings.Join(ends, " ") != tt.ends || (err != nil) != (tt.failsAt != "") {
				t.Errorf("did %q, which leaves %v, error %v", got, ends, err)
			}
		})
	}
}
