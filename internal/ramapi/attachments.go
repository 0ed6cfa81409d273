package ramapi

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Whether a policy is attached to a principal is answered by either of two
// lists, each one call: all entities of the policy, or all policies of the
// principal. In an account with P policies and many principals the first costs
// P calls in all. Five roles with thirty policies each are read with five of the
// second. So the principal's list is asked for where fewer principals than
// policies have been asked about so far, or more about this principal than
// about this policy, and the policy's list otherwise.
//
// Since questions yet to come may call for the policies' lists all the same, such
// a guess may be in vain. There are guesses of them, and at most as many again, one
// for each that has spared worth lists of policies that no guess before it has:
//
//	calls <= P + guesses + min(guesses, P / worth)
//
// What a policy's list does not show is confirmed by the principal's.
const (
	guesses = 4
	worth   = 8
)

// attachments answers whether policies are attached, by attachmentOf.
type attachments struct {
	*table[bool]
	client     *Client
	entitiesOf *table[map[entity]bool]  // by policyKey
	policiesOf *table[[]AttachedPolicy] // by principalKey

	permission permission // to list entities

	mu              sync.Mutex
	failed          map[string]bool // policies whose entities could not be listed, by policyKey
	aboutPolicies   map[string]int  // questions so far, by policyKey
	aboutPrincipals map[string]int  // questions so far, by principalKey
	spared          map[string]bool // policies whose list that of a principal has spared, by policyKey
	sparedBy        map[string]int  // how many those are, by principalKey
	guessed         map[string]bool // principals whose lists have been asked for, by principalKey
	guessesLeft     int
	guessesToEarn   int
}

func newAttachments(c *Client) *attachments {
	a := &attachments{
		client: c,
		failed: map[string]bool{}, aboutPolicies: map[string]int{}, aboutPrincipals: map[string]int{},
		spared: map[string]bool{}, sparedBy: map[string]int{}, guessed: map[string]bool{}, guessesLeft: guesses, guessesToEarn: guesses,
	}
	a.table = &table[bool]{
		action: "ListEntitiesForPolicy",
		writes: &c.writes,
		about:  func(name string) watched { _, _, _, about := parseAttachment(name); return about },
		single: a.find,
	}
	a.entitiesOf = &table[map[entity]bool]{action: "ListEntitiesForPolicy", writes: &c.writes, about: anything, single: a.listEntities}
	a.policiesOf = &table[[]AttachedPolicy]{action: "ListPoliciesForUser", writes: &c.writes, about: anything, single: a.listPolicies}
	return a
}

// attachmentOf is the attachment of the policy to the principal. Its kind is
// the one of RAM's error codes, User.Policy.
func attachmentOf(name, policyType string, to Principal) entity {
	return entity{string(to.Kind) + ".Policy", policyKey(name, policyType) + "/" + principalKey(to)}
}

// allAttachedTo is everything that is attached to the principal, which each
// attachment and detachment writes.
func allAttachedTo(p Principal) entity {
	return entity{string(p.Kind) + ".Policies", p.Name}.written()
}

func principalKey(p Principal) string { return string(p.Kind) + "/" + p.Name }

func parsePrincipal(key string) Principal {
	kind, name, _ := strings.Cut(key, "/")
	return Principal{Kind: Kind(kind), Name: name}
}

func parseAttachment(attachment string) (policyName, policyType string, to Principal, about watched) {
	parts := strings.SplitN(attachment, "/", 3)
	policyType, policyName, to = parts[0], parts[1], parsePrincipal(parts[2])
	return policyName, policyType, to, watched{
		attachmentOf(policyName, policyType, to).written(), holderOf(to.Kind, to.Name), holderOf(KindPolicy, policyName),
	}
}

// find answers one question by the list that is likelier to answer others too.
func (a *attachments) find(ctx context.Context, attachment string) (bool, error) {
	policyName, policyType, to, about := parseAttachment(attachment)
	policy, principal := policyKey(policyName, policyType), principalKey(to)
	policies, byPrincipal := a.policiesOf.known(principal, about)
	entities, byPolicy := a.entitiesOf.known(policy, about)
	a.count(policy, principal)
	switch {
	case byPolicy:
	case !byPrincipal && a.askByPolicy(policy, principal):
		var err error
		if entities, err = a.entitiesOf.ask(ctx, policy, about); err != nil && ctx.Err() == nil {
			a.noteFailure(policy)
		}
	default:
		a.noteSpared(policy, principal)
	}
	switch {
	case byPrincipal:
		return a.confirm(ctx, attachment, policies)
	case entities[entity{string(to.Kind), to.Name}]:
		return true, nil
	}
	policies, err := a.policiesOf.ask(ctx, principal, about)
	if err != nil {
		return false, err
	}
	return a.confirm(ctx, attachment, policies)
}

// count counts a question.
func (a *attachments) count(policy, principal string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.aboutPolicies[policy]++
	a.aboutPrincipals[principal]++
}

// noteSpared keeps that the principal's list answers what the policy's list would
// have been asked for.
func (a *attachments) noteSpared(policy, principal string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.spared[policy] {
		return
	}
	a.spared[policy] = true
	if a.sparedBy[principal]++; a.sparedBy[principal] == worth && a.guessesToEarn > 0 {
		a.guessesToEarn--
		a.guessesLeft++
	}
}

// askByPolicy chooses the list.
func (a *attachments) askByPolicy(policy, principal string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	byPrincipal := len(a.aboutPrincipals) < len(a.aboutPolicies) || a.aboutPrincipals[principal] > a.aboutPolicies[policy]
	switch {
	case a.failed[policy] || a.guessed[principal]:
		return false
	case !byPrincipal || a.guessesLeft == 0:
		return true
	}
	a.guessesLeft--
	a.guessed[principal] = true
	return false
}

// noteFailure keeps the policy's list from being asked for again.
func (a *attachments) noteFailure(policy string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.failed[policy] = true
}

// confirm looks for the attachment in the principal's own list, and waits for
// one that is so new that the service may not show it yet.
func (a *attachments) confirm(ctx context.Context, attachment string, policies []AttachedPolicy) (bool, error) {
	policyName, policyType, to, _ := parseAttachment(attachment)
	edge := attachmentOf(policyName, policyType, to)
	attached := slices.ContainsFunc(policies, func(p AttachedPolicy) bool { return p.Is(policyName, policyType) })
	c := a.client
	if attached || !c.ledger.isFresh(edge, c.ServerTime()) {
		return attached, nil
	}
	op := call{action: "ListPoliciesFor" + string(to.Kind), needs: []entity{{string(to.Kind), to.Name}, edge}}
	_, err := do(ctx, c, op, func(ctx context.Context) (AttachedPolicy, error) {
		policies, err := c.listAttached(ctx, to)
		if err != nil {
			return AttachedPolicy{}, err
		}
		return amongAttached(policies, policyName, policyType, to)
	})
	if isMissing(err, edge.kind) {
		return false, nil
	}
	return err == nil, err
}

func (a *attachments) listEntities(ctx context.Context, key string) (map[entity]bool, error) {
	policyType, name, _ := strings.Cut(key, "/")
	var principals []Principal
	err := a.permission.with(ctx, func() (err error) {
		principals, err = a.client.PolicyPrincipals(ctx, name, policyType)
		return err
	})
	entities := make(map[entity]bool, len(principals))
	for _, p := range principals {
		entities[entity{string(p.Kind), p.Name}] = true
	}
	return entities, err
}

func (a *attachments) listPolicies(ctx context.Context, key string) ([]AttachedPolicy, error) {
	return a.client.AttachedPolicies(ctx, parsePrincipal(key))
}

// Attachments yields what is attached for the whole account of policies of the
// type, or of both types where it is empty: one call for each policy that is
// attached to anything, which answers PolicyAttached too.
func (c *Client) Attachments(ctx context.Context, policyType string) iter.Seq2[Attachment, error] {
	return func(yield func(Attachment, error) bool) {
		for p, err := range c.Policies(ctx, policyType) {
			if err != nil {
				yield(Attachment{}, err)
				return
			}
			if p.AttachmentCount == 0 {
				continue
			}
			for a, err := range c.AttachmentsOf(ctx, p.Name, p.Type) {
				if IsNotFound(err) {
					break // deleted since it was listed
				}
				if !yield(a, err) || err != nil {
					return
				}
			}
		}
	}
}

// AttachmentsOf yields to what the policy is attached for the whole account, by
// kind and name. The error is IsNotFound where the policy is missing.
func (c *Client) AttachmentsOf(ctx context.Context, name, policyType string) iter.Seq2[Attachment, error] {
	return func(yield func(Attachment, error) bool) {
		entities, err := c.attachments.entitiesOf.current(ctx, policyKey(name, policyType))
		if err != nil {
			yield(Attachment{}, err)
			return
		}
		byName := func(a, b entity) int { return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.name, b.name)) }
		for _, e := range slices.SortedFunc(maps.Keys(entities), byName) {
			if !yield(Attachment{PolicyName: name, PolicyType: policyType, To: Principal{Kind: Kind(e.kind), Name: e.name}}, nil) {
				return
			}
		}
	}
}
