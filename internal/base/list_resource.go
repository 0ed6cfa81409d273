package base

import (
	"context"
	"iter"

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

// Found is one thing that a list resource has found.
type Found struct {
	DisplayName string
	Identity    Identity
}

// Identity has the attributes of an identity that are not null: texts, and lists of them.
type Identity map[string]any

// Named is a thing that is known by its name alone.
func Named(name string) Found { return Found{name, Identity{"name": name}} }

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
// limit of the request, after which nothing more is looked for, and at the first
// error, under the summary "Unable to list" what. A thing that is gone by the
// time it is read is left out.
func List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream, r resource.ResourceWithImportState, what string, found iter.Seq2[Found, error]) {
	stream.Results = func(push func(list.ListResult) bool) {
		given := int64(0)
		for f, err := range found {
			if ctx.Err() != nil {
				return // nobody waits for results any more
			}
			if err != nil {
				var failure list.ListResult
				AddErrorf(&failure.Diagnostics, err, "Unable to list %s", what)
				push(failure)
				return
			}
			result, isThere := f.result(ctx, req, r)
			if !isThere {
				continue
			}
			given++
			if !push(result) || result.Diagnostics.HasError() || given == req.Limit {
				return
			}
		}
	}
}

// result gives the thing as Terraform takes it. It returns false where the thing
// is gone.
func (f Found) result(ctx context.Context, req list.ListRequest, r resource.ResourceWithImportState) (list.ListResult, bool) {
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
