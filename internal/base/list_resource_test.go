package base

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// numbers yields 0, 1, 2 and so on, and err after the last one.
func numbers(n int, err error) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		for i := range n {
			if !yield(i, nil) {
				return
			}
		}
		if err != nil {
			yield(0, err)
		}
	}
}

func TestAsking_asksTenAtATimeAndAnswersInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		now, most := 0, 0
		began := time.Now()
		var got []int
		for answer, err := range Asking(t.Context(), 0, numbers(100, nil), func(_ context.Context, i int) (int, bool, error) {
			mu.Lock()
			now++
			most = max(most, now)
			mu.Unlock()
			time.Sleep(time.Duration(10-i%10) * time.Second) // the first one of ten takes longest
			mu.Lock()
			defer mu.Unlock()
			now--
			return i, i%2 == 0, nil
		}) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, answer)
		}
		if len(got) != 50 || !slices.IsSorted(got) {
			t.Errorf("answers are %v, want the even numbers in order", got)
		}
		if most != width || time.Since(began) > 200*time.Second {
			t.Errorf("%d were asked about at a time, which took %v", most, time.Since(began))
		}
	})
}

func TestAsking_asksAboutNoMoreThanTheLimitHasRoomFor(t *testing.T) {
	t.Parallel()
	for _, limit := range []int64{1, 9, 10, 25} {
		var asked atomic.Int64
		var got []int
		for answer, err := range Asking(t.Context(), limit, numbers(100, nil), func(_ context.Context, i int) (int, bool, error) {
			asked.Add(1)
			return i, true, nil
		}) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, answer)
		}
		if int64(len(got)) != limit || asked.Load() != limit {
			t.Errorf("with the limit %d there were %d questions and %d answers", limit, asked.Load(), len(got))
		}
	}
}

func TestAsking_givesWhatCameBeforeAnErrorAndThenTheError(t *testing.T) {
	t.Parallel()
	failure := errors.New("no")
	for what, ask := range map[string]func(n int) iter.Seq2[int, error]{
		"of the things": func(n int) iter.Seq2[int, error] {
			return Asking(t.Context(), 0, numbers(n, failure), func(_ context.Context, i int) (int, bool, error) { return i, true, nil })
		},
		"of the question": func(n int) iter.Seq2[int, error] {
			return Asking(t.Context(), 0, numbers(100, nil), func(_ context.Context, i int) (int, bool, error) {
				if i == n {
					return 0, false, failure
				}
				return i, true, nil
			})
		},
	} {
		var got []int
		var last error
		for answer, err := range ask(15) {
			if last = err; err == nil {
				got = append(got, answer)
			}
		}
		if len(got) != 15 || !errors.Is(last, failure) {
			t.Errorf("after an error %s there are %v and %v", what, got, last)
		}
	}
}
