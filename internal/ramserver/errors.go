package ramserver

import (
	"fmt"
	"net/http"
)

// apiError is an error as the API reports it.
type apiError struct {
	status  int
	code    string
	message string
}

func (e *apiError) Error() string {
	return e.code + ": " + e.message
}

func badRequest(code, format string, args ...any) error {
	return &apiError{http.StatusBadRequest, code, fmt.Sprintf(format, args...)}
}

func forbidden(code, message string) error {
	return &apiError{http.StatusForbidden, code, message}
}

// notExist is EntityNotExist.<entity>.
func notExist(entity, format string, args ...any) error {
	return &apiError{http.StatusNotFound, "EntityNotExist." + entity, fmt.Sprintf(format, args...)}
}

// alreadyExists is EntityAlreadyExists.<entity>.
func alreadyExists(entity, format string, args ...any) error {
	return &apiError{http.StatusConflict, "EntityAlreadyExists." + entity, fmt.Sprintf(format, args...)}
}

// deleteConflict is DeleteConflict.<what>, where what names the entity and what it still has.
func deleteConflict(what, format string, args ...any) error {
	return &apiError{http.StatusConflict, "DeleteConflict." + what, fmt.Sprintf(format, args...)}
}

// limitExceeded is LimitExceeded.<what>.
func limitExceeded(what string, limit int) error {
	return &apiError{http.StatusConflict, "LimitExceeded." + what, fmt.Sprintf("The limit of %d is reached.", limit)}
}

func badLength(param string, minimum, maximum int) error {
	return badRequest("InvalidParameter."+param+".Length", "The length of %s must be %d to %d.", param, minimum, maximum)
}

func badChars(param string) error {
	return badRequest("InvalidParameter."+param+".InvalidChars", "%s contains characters that are not allowed.", param)
}

func badFormat(param, expected string) error {
	return badRequest("InvalidParameter."+param+".Format", "%s must be %s.", param, expected)
}

func badRange(param string, minimum, maximum int) error {
	return badRequest("InvalidParameter."+param+".Range", "%s must be %d to %d.", param, minimum, maximum)
}

// missing reports a required parameter that was left out, in the form that Unsure chooses.
func (s *Server) missing(param string) error {
	switch {
	case s.Unsure.MissingAsGeneric:
		return badRequest("MissingParameter", "The parameter %s is required.", param)
	case s.Unsure.MissingAsLength:
		return badRequest("InvalidParameter."+param+".Length", "The parameter %s is required.", param)
	}
	return badRequest("Missing"+param, "The parameter %s is required.", param)
}

const (
	throttlingCode    = "Throttling.User"
	throttlingMessage = "Request was denied due to user flow control."
)

func (s *Server) throttled() error {
	return &apiError{
		statusIf(s.Unsure.ThrottlingAs429, http.StatusTooManyRequests, http.StatusBadRequest),
		throttlingCode, throttlingMessage,
	}
}

// statusIf is one of two HTTP statuses.
func statusIf(condition bool, then, otherwise int) int {
	if condition {
		return then
	}
	return otherwise
}
