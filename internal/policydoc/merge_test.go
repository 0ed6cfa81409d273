package policydoc_test

import (
	"strings"
	"testing"

	"github.com/ram-provider/terraform-provider-ram/internal/policydoc"
)

// read takes a document apart that can be.
func read(t *testing.T, text string) policydoc.Policy {
	t.Helper()
	p, err := policydoc.Read(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// named returns a policy of statements about one action each, "sid=action" or
// "action".
func named(t *testing.T, statements ...string) policydoc.Policy {
	t.Helper()
	var parts []string
	for _, s := range statements {
		sid, action, found := strings.Cut(s, "=")
		if !found {
			sid, action = "", s
		}
		if sid != "" {
			sid = `"Sid":"` + sid + `",`
		}
		parts = append(parts, `{`+sid+`"Effect":"Allow","Action":"`+action+`"}`)
	}
	return read(t, `{"Version":"1","Statement":[`+strings.Join(parts, ",")+`]}`)
}

func expect(t *testing.T, got, want policydoc.Policy) {
	t.Helper()
	if got.Minified() != want.Minified() {
		t.Errorf("got  %s\nwant %s", got.Minified(), want.Minified())
	}
}

func TestMerge_keepsTheOrderOfDocumentsAndStatements(t *testing.T) {
	t.Parallel()
	got, err := policydoc.Merge(named(t, "a:B", "c:D"), named(t), named(t, "x=e:F"))
	if err != nil {
		t.Fatal(err)
	}
	expect(t, got, named(t, "a:B", "c:D", "x=e:F"))
}

func TestMerge_ofNothingIsAnEmptyDocument(t *testing.T) {
	t.Parallel()
	got, err := policydoc.Merge()
	if err != nil {
		t.Fatal(err)
	}
	expect(t, got, named(t))
}

func TestMerge_keepsOneOfStatementsThatMeanTheSame(t *testing.T) {
	t.Parallel()
	got, err := policydoc.Merge(
		read(t, `{"Version":"1","Statement":[{"Effect":"Allow","Action":["a:B","c:D"],"Resource":"*"}]}`),
		read(t, `{"Version":"1","Statement":[{"Resource":["*"],"Effect":"Allow","Action":["c:D","a:B"]},{"Effect":"Deny","Action":["c:D","a:B"],"Resource":"*"}]}`),
	)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, got, read(t, `{"Version":"1","Statement":[{"Effect":"Allow","Action":["a:B","c:D"],"Resource":"*"},{"Effect":"Deny","Action":["c:D","a:B"],"Resource":"*"}]}`))
}

func TestMerge_acceptsASidThatTwoDocumentsHaveFromAThird(t *testing.T) {
	t.Parallel()
	got, err := policydoc.Merge(named(t, "base=a:B", "c:D"), named(t, "base=a:B", "e:F"))
	if err != nil {
		t.Fatal(err)
	}
	expect(t, got, named(t, "base=a:B", "c:D", "e:F"))
}

func TestMerge_refusesASidOfDifferentStatements(t *testing.T) {
	t.Parallel()
	_, err := policydoc.Merge(named(t, "x=a:B"), named(t, "c:D"), named(t, "x=e:F"))
	if err == nil || !strings.Contains(err.Error(), `"x"`) || !strings.Contains(err.Error(), "documents 1 and 3") {
		t.Errorf("got %v", err)
	}
}

func TestOverride_replacesInPlaceAndAddsTheRest(t *testing.T) {
	t.Parallel()
	base := named(t, "a:B", "x=c:D", "y=e:F")
	expect(t, base.Override(named(t, "g:H", "y=i:J", "z=k:L")), named(t, "a:B", "x=c:D", "y=i:J", "g:H", "z=k:L"))
	expect(t, base, named(t, "a:B", "x=c:D", "y=e:F"))
}

func TestOverride_distinguishesTheCaseOfSids(t *testing.T) {
	t.Parallel()
	expect(t, named(t, "x=a:B").Override(named(t, "X=c:D")), named(t, "x=a:B", "X=c:D"))
}

func TestOverride_takesASidThatIsNoTextForNone(t *testing.T) {
	t.Parallel()
	p := read(t, `{"Version":"1","Statement":[{"Sid":1,"Effect":"Allow","Action":"a:B"}]}`)
	by := read(t, `{"Version":"1","Statement":[{"Sid":1,"Effect":"Allow","Action":"c:D"}]}`)
	expect(t, p.Override(by), read(t, `{"Version":"1","Statement":[{"Sid":1,"Effect":"Allow","Action":"a:B"},{"Sid":1,"Effect":"Allow","Action":"c:D"}]}`))
}

func TestWithoutSids_leavesOutWhatOnlyASidTellsApart(t *testing.T) {
	t.Parallel()
	p := named(t, "x=a:B", "y=a:B", "c:D")
	expect(t, p.WithoutSids(), named(t, "a:B", "c:D"))
	expect(t, p, named(t, "x=a:B", "y=a:B", "c:D"))
}

func TestKind_isToldByPrincipals(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text string
		want policydoc.Kind
	}{
		{readECS, policydoc.Identity},
		{trustECS, policydoc.Trust},
		{`{"Version":"1","Statement":[]}`, policydoc.Identity},
	} {
		if got, err := read(t, tt.text).Kind(); got != tt.want || err != nil {
			t.Errorf("got %v, %v for %s", got, err, tt.text)
		}
	}
	mixed, err := policydoc.Merge(read(t, readECS), read(t, trustECS))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := mixed.Kind(); err == nil || !strings.Contains(err.Error(), "statement 2 has a Principal") || !strings.Contains(err.Error(), "statement 1 has none") {
		t.Errorf("got %v", err)
	}
}

func TestRead_refusesWhatCannotBePrintedForCertain(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"Version": "1",`:                                        "line 1, column 16",
		`["Version"]`:                                             "the document is a list",
		`{"Version": "1"}`:                                        "no list of statements",
		`{"Version":"1","Statement":null}`:                        "no list of statements",
		`{"Version":"1","Statement":["x"]}`:                       `statement 1 is "x"`,
		statement(`"Effect":"Allow","Effect":"Deny"`):             "Effect is given twice",
		statement(`"Action":"\ud800"`):                            "not valid Unicode",
		`{"Version":"1","Statement":[{"Effect":"Allow"}, false]}`: "statement 2 is false",
	} {
		if _, err := policydoc.Read(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("reading %s: got %v, want %q", text, err, want)
		}
	}
}
