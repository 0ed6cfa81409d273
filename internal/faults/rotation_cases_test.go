package faults

// turned is a key after as many turns, with what becomes of the previous one.
func turned(turn, previous string) string {
	return alice + `
		resource "ram_access_key" "alice" {
		  user_name           = ram_user.alice.name
		  rotate_when_changed = { turn = "` + turn + `" }
		  previous_key        = "` + previous + `"
		}`
}

var rotationCases = []scenario{
	{
		before:  []string{turned("1", "active"), turned("2", "active")},
		after:   turned("3", "active"),
		strikes: []strike{{action: "DeleteAccessKey", note: "before the next turn"}, {action: "CreateAccessKey", note: "turn"}},
	},
	{
		// The apply after a turn.
		before:  []string{turned("1", "inactive"), turned("2", "inactive")},
		after:   turned("2", "inactive"),
		strikes: []strike{{action: "UpdateAccessKey", note: "previous key"}},
	},
	{
		before:  []string{turned("1", "delete"), turned("2", "delete")},
		after:   turned("2", "delete"),
		strikes: []strike{{action: "DeleteAccessKey", note: "previous key"}},
	},
}
