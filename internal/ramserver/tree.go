package ramserver

import (
	"fmt"
	"slices"
	"strings"
)

// Tree draws the account for a terminal: the groups with their policies and members, the users who are in none, the
// roles with who may assume them, and the identity providers. It holds no secret.
func (s *Server) Tree() string {
	view := s.pageView()
	root := "RAM account " + view.AccountID + ": users log on as NAME@" + view.Domain
	var out strings.Builder
	drawTree(&out, root, "", view.branches())
	return out.String()
}

// branch is a line of a tree, with what hangs on it.
type branch struct {
	line     string
	branches []branch
}

func drawTree(out *strings.Builder, line, indent string, branches []branch) {
	fmt.Fprintln(out, line)
	for i, b := range branches {
		fork, rest := "├─ ", "│  "
		if i == len(branches)-1 {
			fork, rest = "└─ ", "   "
		}
		drawTree(out, indent+fork+b.line, indent+rest, b.branches)
	}
}

func (v pageView) branches() []branch {
	var out []branch
	users := map[string]pageUser{}
	for _, u := range v.Users {
		users[u.Name] = u
	}
	for _, g := range v.Groups {
		b := branch{line: "group " + g.Name + which(g.Policies)}
		for _, member := range g.Members {
			b.branches = append(b.branches, branch{line: users[member].line()})
		}
		out = append(out, b)
	}
	for _, u := range v.Users {
		if len(u.Groups) == 0 {
			out = append(out, branch{line: "user " + u.line()})
		}
	}
	for _, r := range v.Roles {
		b := branch{line: "role " + r.Name + which(r.Policies)}
		for _, principal := range r.Trusts {
			b.branches = append(b.branches, branch{line: "for " + principal})
		}
		out = append(out, b)
	}
	for _, p := range v.Providers {
		out = append(out, branch{line: strings.TrimSpace(p.Kind + " provider " + p.Name + " " + p.Issuer)})
	}
	return out
}

// line tells how the user gets in, and which policies are the user's own.
func (u pageUser) line() string {
	ways := []string{}
	switch u.Console {
	case "no":
	case "disabled":
		ways = append(ways, "login turned off")
	case "yes":
		ways = append(ways, "logs on")
	default:
		ways = append(ways, "logs on "+strings.TrimPrefix(u.Console, "yes, "))
	}
	for _, key := range u.Keys {
		ways = append(ways, strings.ToLower(key.Status)+" key "+key.ID)
	}
	own := slices.DeleteFunc(slices.Clone(u.Policies), func(g pageGrant) bool { return g.Group != "" })
	line := u.Name
	if len(ways) > 0 {
		line += " (" + strings.Join(ways, ", ") + ")"
	}
	return line + which(own)
}

// which names policies, after what has them.
func which(policies []pageGrant) string {
	if len(policies) == 0 {
		return ""
	}
	return ": " + strings.Join(names(policies, func(g pageGrant) string { return g.Name }), ", ")
}
