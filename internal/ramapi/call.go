package ramapi

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// access says what may be done when the answer to a call does not come.
type access int

const (
	read   access = iota // changes nothing: repeat it
	write                // changes something to a given value: repeat it
	create               // makes something new: look before repeating it
)

// call describes one request to do.
type call struct {
	action  string
	access  access
	needs   []entity   // what the call names; waited for if this process created it moments ago
	trusts  []entity   // whom a trust policy names; as needs, but RAM calls a policy malformed that names somebody unknown
	sent    *time.Time // gets the time when the last attempt began
	another bool       // each repetition makes another thing
	ends    bool       // it deletes, detaches or removes something
	frees   entity     // what a deletion removes; conflicts with what this process just took away from it are waited for
	secrets []string   // parameter values that no text may show
	upn     string     // the principal name that it names a user by, if it does
}

const (
	firstDelay = 200 * time.Millisecond
	maxDelay   = 15 * time.Second
	// RAM is eventually consistent: other calls may not see a new thing for
	// some seconds. How long this process waits for what it made itself, what
	// an earlier run made, and for a deletion to notice what was removed.
	freshFor  = 60 * time.Second
	settlesIn = 5 * time.Second
	freedFor  = 15 * time.Second
)

// do is the one way to the service. It waits for its turn, bounds the attempt
// in time, logs it without its parameters, and repeats it where that is safe: a
// throttled call was refused, so any may be repeated, as soon as the pace
// allows and until its deadline, which is the time that all its attempts might
// take; one whose answer was lost is repeated unless it creates something.
//
// When ctx is cancelled no attempt begins, but a write under way goes on
// within its own time limit, so that its outcome is known.
func do[T any](ctx context.Context, c *Client, op call, send func(context.Context) (T, error)) (T, error) {
	var zero T
	deadline := time.Now().Add(time.Duration(c.maxRetries+1) * c.requestTimeout)
	retries, waits, throttles, lost := 0, 0, 0, false
	var failure *Error
	for {
		if err := c.pace.begin(ctx); err != nil {
			if failure != nil {
				return zero, failure // it may have been carried out
			}
			return zero, notAsked(op.action, err)
		}
		sent := time.Now()
		if op.sent != nil {
			*op.sent = sent
		}
		out, err := c.attempt(ctx, op, retries+waits+throttles+1, func(ctx context.Context) (any, error) { return send(ctx) })
		c.pace.end(sent, err)
		if err == nil {
			return out.(T), nil
		}
		failure = err
		if IsRefused(err) && err.Action == op.action { // not where the role that it takes was refused
			err.explain = c.explainer(ctx, err.denial)
		}
		lost = lost || err.Lost && !err.throttled()
		err.afterLost = lost && !err.Lost
		delay := retries
		switch {
		case err.throttled() && time.Now().Before(deadline):
			throttles++
			continue // the pace has slowed down
		case c.waitsFor(op, err):
			delay = min(waits, 2) // it may show any moment
			waits++
		case retries < c.maxRetries && op.repeatable(err):
			retries++
		default:
			return zero, err
		}
		if pause(ctx, delay) != nil {
			return zero, err
		}
	}
}

// attempt makes one call within the time limit, with credentials that are valid.
func (c *Client) attempt(ctx context.Context, op call, attempt int, send func(context.Context) (any, error)) (any, *Error) {
	if err := c.session.ensure(ctx); err != nil {
		failure := toError(op.action, err, nil)
		failure.Lost = false // the call itself was not sent
		return nil, failure
	}
	return c.transmit(ctx, op, attempt, send)
}

func (c *Client) transmit(ctx context.Context, op call, attempt int, send func(context.Context) (any, error)) (any, *Error) {
	callCtx := ctx
	if op.access != read {
		callCtx = context.WithoutCancel(ctx)
	}
	callCtx, cancel := context.WithTimeout(callCtx, c.requestTimeout)
	defer cancel()

	started := time.Now()
	out, err := send(callCtx)
	var failure *Error
	if err != nil {
		failure = toError(op.action, err, append(c.credentials.secrets(), op.secrets...))
		failure.known = c.knownAbout(failure.Code)
		if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil || op.access != read && callCtx.Err() != nil {
			failure.Message, failure.Lost, failure.broken = "no answer within "+c.requestTimeout.String(), true, true
		}
		failure.Lost = failure.Lost && op.access != read
	}
	logCall(ctx, op.action, attempt, time.Since(started), failure)
	return out, failure
}

// repeatable reports whether the failed attempt may be followed by another. One
// that was throttled for too long is not.
func (op call) repeatable(err *Error) bool {
	return err.retryable() && !err.throttled() && (op.access != create || !err.Lost)
}

// waitsFor reports whether err speaks of a state that this process has just
// changed and the service may not show everywhere yet: something is missing
// that was created, or in the way of a deletion although it was removed.
func (c *Client) waitsFor(op call, err *Error) bool {
	if c.hasMoved(op.upn) {
		return false // nobody will ever have that name
	}
	for _, e := range op.needs {
		if isMissing(err, e.kind) && c.ledger.isFresh(e, c.ServerTime()) {
			return true
		}
	}
	if err.Code == "MalformedPolicyDocument" && slices.ContainsFunc(op.trusts, func(e entity) bool { return c.ledger.isFresh(e, c.ServerTime()) }) {
		return true
	}
	return IsDeleteConflict(err) && c.ledger.wasRelieved(op.frees)
}

// pause sleeps before the next attempt: exponential, with full jitter, so that
// callers that failed together do not come back together.
func pause(ctx context.Context, attempt int) error {
	ceiling := min(maxDelay, firstDelay<<min(attempt, 10))
	return sleepUntil(ctx, time.Now().Add(firstDelay/4+rand.N(ceiling)))
}

func logCall(ctx context.Context, action string, attempt int, took time.Duration, err *Error) {
	fields := map[string]any{"action": action, "attempt": attempt, "ms": took.Milliseconds()}
	if err != nil {
		fields["code"], fields["http_status"], fields["request_id"] = err.Code, err.HTTPStatus, err.RequestID
	}
	tflog.Debug(ctx, "RAM API call", fields)
}

// createOnce makes something new exactly once. When the answer to the creation
// is lost it looks: what is there and can be ours is ours, nothing there is
// created again, and anything else is refused as existing already.
//
// look returns what is there now and whether it can be ours: it equals what
// was asked for, and was made after the time it is given, on our clock.
func createOnce[T any](ctx context.Context, c *Client, op call, send func(context.Context) (T, error), look func(ctx context.Context, began time.Time) (T, bool, error)) (T, error) {
	op.access = create
	var began time.Time // when the first attempt whose answer was lost did
	for attempt := 0; ; attempt++ {
		var sent time.Time
		op.sent = &sent
		out, err := do(ctx, c, op, send)
		if began.IsZero() && IsLost(err) {
			began = sent
		}
		if repeated := attempt > 0 && IsAlreadyExists(err); !IsLost(err) && !repeated {
			return out, err
		}
		found, ours, lookErr := look(ctx, began)
		for deadline := time.Now().Add(settlesIn); op.another && IsNotFound(lookErr) && time.Now().Before(deadline) && pause(ctx, 2) == nil; {
			found, ours, lookErr = look(ctx, began) // it may show any moment
		}
		switch {
		case lookErr == nil && ours:
			return found, nil
		case lookErr == nil:
			return out, &Error{Action: op.action, Code: "EntityAlreadyExists", Message: "something else with this name exists already"}
		case !IsNotFound(lookErr), attempt >= c.maxRetries, pause(ctx, attempt) != nil:
			return out, err
		}
	}
}
