package ramapi

import (
	"iter"
	"time"

	"github.com/alibabacloud-go/tea/tea"
)

// converted converts a part of an answer that every answer of its action has.
// Without it the answer was cut on the way, and the call may have been carried out.
func converted[From, To any](part *From, convert func(*From) To) (To, error) {
	if part == nil {
		var zero To
		return zero, errIncomplete
	}
	return convert(part), nil
}

// errIncomplete says that an answer was cut on the way.
var errIncomplete = &transportError{message: "the answer is not complete", sent: true}

// listed gives the items of a list of an answer, none where the answer has no list.
func listed[List, Item any](list *List, items func(*List) []Item) []Item {
	if list == nil {
		return nil
	}
	return items(list)
}

// optional leaves an empty text out of a request.
func optional(text string) *string {
	if text == "" {
		return nil
	}
	return tea.String(text)
}

// optionalNumber leaves a 0 out of a request.
func optionalNumber(n int64) *int64 {
	if n == 0 {
		return nil
	}
	return tea.Int64(n)
}

// convertAll converts each of the SDK's values.
func convertAll[From, To any](all []From, one func(From) To) []To {
	out := make([]To, 0, len(all))
	for _, v := range all {
		out = append(out, one(v))
	}
	return out
}

// blank stands for an empty text where RAM does not take one: its documentation
// gives comments and descriptions of groups, roles and policies a length of at
// least 1 and no way to remove them.
const blank = " "

// clearing sends an update of a text. Where the text is to be cleared and the
// service refuses or ignores an empty one, it sends a blank instead, which
// clearedText reads as empty. update gives the text that the service has afterwards.
func clearing[T any](text *string, update func(text *string) (T, string, error)) (T, error) {
	out, got, err := update(text)
	if text == nil || *text != "" || err == nil && got == "" || err != nil && !hasCodePrefix(err, "InvalidParameter") && !hasCodePrefix(err, "Missing") {
		return out, err
	}
	out, _, err = update(tea.String(blank))
	return out, err
}

func clearedText(text *string) string {
	if tea.StringValue(text) == blank {
		return ""
	}
	return tea.StringValue(text)
}

// updateDate gives when a thing was last changed. Answers to creations leave it
// out: then nothing has changed since.
func updateDate(thing any, createDate *string) string {
	dated, ok := thing.(interface{ GetUpdateDate() *string })
	if !ok || dated.GetUpdateDate() == nil {
		return tea.StringValue(createDate)
	}
	return tea.StringValue(dated.GetUpdateDate())
}

// madeSince reports whether a date of RAM's is not before a time on our clock.
// A date that cannot be read is, so that nothing is taken for ours on its
// account. It may be asked once the service has answered something.
func (c *Client) madeSince(date string, began time.Time) bool {
	t, err := time.Parse(time.RFC3339, date)
	return err == nil && !t.Before(c.onServer(began).Truncate(time.Second))
}

// pages yields the items of one page after the other. fetch takes the marker
// of a page, nil for the first, and gives the next page's, nil or empty after the last.
func pages[T any](fetch func(marker *string) ([]T, *string, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var marker *string
		for {
			items, next, err := fetch(marker)
			if err != nil {
				var zero T
				yield(zero, err)
				return
			}
			for _, item := range items {
				if !yield(item, nil) {
					return
				}
			}
			if tea.StringValue(next) == "" {
				return
			}
			marker = next
		}
	}
}
