package ramserver

import (
	"encoding/base64"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// page cuts the page out of a sorted list that Marker and MaxItems ask for. Pages follow the keys, not positions, so
// what is created or deleted between two pages neither hides nor repeats anything else. The marker is empty on the last
// page.
func page[T any](s *Server, r request, items []T, key func(T) string, defaultItems, maxItems int) ([]T, string, error) {
	n, err := s.pageSize(r, "MaxItems", defaultItems, maxItems)
	if err != nil {
		return nil, "", err
	}
	return pageAfter(s, items, key, n, r.Get("Marker"))
}

// pageSize reads how many items a request wants at most.
func (s *Server) pageSize(r request, param string, defaultItems, maxItems int) (int, error) {
	if !r.Has(param) {
		return defaultItems, nil
	}
	n, err := strconv.Atoi(r.Get(param))
	if err != nil || n < 1 || n > maxItems && !s.Unsure.MaxItemsClamped {
		return 0, badRequest("InvalidParameter."+param, "%s must be 1 to %d.", param, maxItems)
	}
	return min(n, maxItems), nil
}

// pageAfter returns the n items of a sorted list that follow a marker, and the marker of the next page.
func pageAfter[T any](s *Server, items []T, key func(T) string, n int, marker string) ([]T, string, error) {
	after, err := base64.RawURLEncoding.DecodeString(marker)
	if err != nil {
		return nil, "", badRequest("InvalidParameter.Marker", "The marker is not one of an earlier answer.")
	}
	if len(after) > 0 {
		i, found := findSorted(s, items, string(after), key)
		if found {
			i++
		}
		items = items[i:]
	}
	if len(items) <= n {
		return items, "", nil
	}
	return items[:n], base64.RawURLEncoding.EncodeToString([]byte(key(items[n-1]))), nil
}

// sortBy orders a list as the server lists things.
func sortBy[T any](s *Server, items []T, key func(T) string) {
	slices.SortFunc(items, func(a, b T) int { return s.compareKeys(key(a), key(b)) })
}

// sorted returns objects in the order in which the server lists things, never nil.
func sorted[T any](s *Server, objects map[string]T, key func(T) string) []T {
	all := slices.AppendSeq(make([]T, 0, len(objects)), maps.Values(objects))
	sortBy(s, all, key)
	return all
}

// findSorted returns where in a sorted list a key is, or would be.
func findSorted[T any](s *Server, items []T, wanted string, key func(T) string) (int, bool) {
	return slices.BinarySearchFunc(items, wanted, func(it T, wanted string) int { return s.compareKeys(key(it), wanted) })
}

func (s *Server) compareKeys(a, b string) int {
	if s.Unsure.ListsReversed {
		return strings.Compare(b, a)
	}
	return strings.Compare(a, b)
}

// listReply is the answer of a list action in pages: a list inside an object, as in Users.User.
func listReply(outer, inner string, items []reply, marker string) reply {
	out := reply{outer: reply{inner: items}, "IsTruncated": marker != ""}
	if marker != "" {
		out["Marker"] = marker
	}
	return out
}

// each converts the items of a list; the result is never nil, so that an empty list is [] in JSON.
func each[T any](items []T, convert func(T) reply) []reply {
	out := make([]reply, 0, len(items))
	for _, it := range items {
		out = append(out, convert(it))
	}
	return out
}
