package base

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	listschema "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
)

// A resource type is its own list resource: what a list shows of a thing is what
// an import of its identity, and the read that follows, make of it. So whatever a
// resource gets to know, its list knows too, and generated configuration plans
// nothing. Lists fill the tables of ramapi as they go, where the reads find
// their answers.

// Found is one thing that a list resource has found, or a warning that some
// could not be looked for.
type Found struct {
	DisplayName string
	Identity    Identity
	Warning     diag.Diagnostic
}

// Identity has the attributes of an identity that are not null: texts, and lists of them.
type Identity map[string]any

// Named is a thing that is known by its name alone.
func Named(name string) Found { return Found{DisplayName: name, Identity: Identity{"name": name}} }

// Finding gives those of the things that fit, as a list resource finds them.
func Finding[T any](things iter.Seq2[T, error], fits func(T) bool, found func(T) Found) iter.Seq2[Found, error] {
	return func(yield func(Found, error) bool) {
		for thing, err := range things {
			switch {
			case err != nil:
				yield(Found{}, err)
				return
			case fits(thing) && !yield(found(thing), nil):
				return
			}
		}
	}
}

// ListConfig decodes the configuration of a list. It returns false after giving
// the error as the only result.
func ListConfig(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream, config any) bool {
	if diags := req.Config.Get(ctx, config); diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return false
	}
	return true
}

// List gives what was found as results, one by one as Terraform takes them, and
// with all that an import of it reads if that is asked for. It stops at the
// limit of the request, beyond which nothing is looked for, and at the first
// error, under the summary "Unable to list" what. A thing that is gone by the
// time it is read is left out.
func List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream, r resource.ResourceWithImportState, what string, found iter.Seq2[Found, error]) {
	stream.Results = func(push func(list.ListResult) bool) {
		results := Asking(ctx, req.Limit, found, func(ctx context.Context, f Found) (list.ListResult, bool, error) {
			result, isThere := f.result(ctx, req, r)
			return result, isThere, nil
		})
		for result, err := range results {
			if ctx.Err() != nil {
				return // nobody waits for results any more
			}
			if err != nil {
				AddErrorf(&result.Diagnostics, err, "Unable to list %s", what)
			}
			if !push(result) || result.Diagnostics.HasError() {
				return
			}
		}
	}
}

// width is how many things are asked about at a time, as many as Terraform reads.
const width = 10

// Asking yields the answers to a question about each of the things, in their
// order and up to the limit; 0 is none. It asks about several at a time, but not
// about more than the limit has room for. A thing without an answer is left out.
func Asking[Thing, Answer any](ctx context.Context, limit int64, things iter.Seq2[Thing, error],
	ask func(context.Context, Thing) (answer Answer, found bool, err error),
) iter.Seq2[Answer, error] {
	type reply struct {
		answer Answer
		found  bool
		err    error
	}
	return func(yield func(Answer, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel() // what is still asked for is not needed
		room := limit
		var waiting []chan reply
		next := func() (more bool) {
			r := <-waiting[0]
			waiting = waiting[1:]
			if r.err == nil && !r.found {
				return true
			}
			room--
			return yield(r.answer, r.err) && r.err == nil && room != 0
		}
		for thing, err := range things {
			replies := make(chan reply, 1)
			waiting = append(waiting, replies)
			if err != nil {
				replies <- reply{err: err}
				break
			}
			go func() {
				var r reply
				r.answer, r.found, r.err = ask(ctx, thing)
				replies <- r
			}()
			for len(waiting) == width || int64(len(waiting)) == room {
				if !next() {
					return
				}
			}
		}
		for len(waiting) > 0 && next() {
		}
	}
}

// result gives the thing, or the warning, as Terraform takes it. It returns
// false where the thing is gone.
func (f Found) result(ctx context.Context, req list.ListRequest, r resource.ResourceWithImportState) (list.ListResult, bool) {
	if f.Warning != nil {
		return list.ListResult{Diagnostics: diag.Diagnostics{f.Warning}}, true
	}
	result := req.NewListResult(ctx)
	result.DisplayName = f.DisplayName
	for name, value := range f.Identity {
		result.Diagnostics.Append(result.Identity.SetAttribute(ctx, path.Root(name), value)...)
	}
	if !req.IncludeResource || result.Diagnostics.HasError() {
		return result, true
	}
	importing := resource.ImportStateRequest{Identity: copyOf(result.Identity)}
	imported := resource.ImportStateResponse{State: tfsdk.State(*result.Resource), Identity: copyOf(result.Identity)}
	imported.Private = empty(imported.Private)
	r.ImportState(ctx, importing, &imported)
	result.Diagnostics.Append(imported.Diagnostics...)
	if result.Diagnostics.HasError() {
		return result, true
	}
	read := resource.ReadResponse{State: imported.State, Identity: copyOf(imported.Identity), Private: imported.Private}
	r.Read(ctx, resource.ReadRequest{State: imported.State, Identity: imported.Identity, Private: imported.Private}, &read)
	result.Diagnostics.Append(read.Diagnostics...)
	*result.Resource = tfsdk.Resource(read.State)
	return result, !read.State.Raw.IsNull() || result.Diagnostics.HasError()
}

// copyOf gives an identity whose changes leave the original alone.
func copyOf(identity *tfsdk.ResourceIdentity) *tfsdk.ResourceIdentity {
	return &tfsdk.ResourceIdentity{Raw: identity.Raw.Copy(), Schema: identity.Schema}
}

// empty gives something of a type that the framework does not let anybody name.
func empty[T any](*T) *T { return new(T) }

// ListNameRegexAttribute is NameRegexAttribute for a list resource.
func ListNameRegexAttribute(things string) listschema.StringAttribute {
	a := NameRegexAttribute(things)
	return listschema.StringAttribute{Optional: true, MarkdownDescription: a.MarkdownDescription, Validators: a.Validators}
}

// ListTagsFilterAttribute is TagsFilterAttribute for a list resource.
func ListTagsFilterAttribute(things string) listschema.MapAttribute {
	a := TagsFilterAttribute(things)
	return listschema.MapAttribute{Optional: true, ElementType: a.ElementType, MarkdownDescription: a.MarkdownDescription, Validators: a.Validators}
}
