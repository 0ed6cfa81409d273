package policydoc_test

import (
	"testing"

	"github.com/ram-provider/terraform-provider-ram/internal/policydoc"
)

func TestPrint_keepsTheMeaning(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		readECS, trustECS, trustIdP, narrow,
		`{"Version":"1","Id":"x","Statement":[{"Effect":"Allow","NotResource":"*","Action":[]}]}`,
		statement(`"Condition":{"NumericEquals":{"a:B":9007199254740993,"c:D":[1.0,"1.0",true]}}`),
		statement(`"Action":[["x"]],"Principal":"*","Condition":"none"`),
		statement(`"Action":"a:<b>&\u2028\"\\ü"`),
	} {
		p := read(t, text)
		for _, printed := range []string{p.Indented(), p.Minified()} {
			if !policydoc.Equal(printed, text) {
				t.Errorf("printed %s\nas %s", text, printed)
			}
		}
	}
}

func TestMinified_isShort(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		statement(`"Action": ["a:B", "a:B"], "Resource": ["*"]`):                               statement(`"Action":"a:B","Resource":"*"`),
		statement(`"Principal": {"RAM": ["acs:x"]}, "Condition": {"Bool": {"a:B": ["true"]}}`): statement(`"Principal":{"RAM":"acs:x"},"Condition":{"Bool":{"a:B":"true"}}`),
		statement(`"Action": "a:\u003cb\u003e\u0026"`):                                         statement(`"Action":"a:<b>&"`),
		`{"Statement": {"Effect": "Allow"}, "Version": "1"}`:                                   `{"Version":"1","Statement":[{"Effect":"Allow"}]}`,
	} {
		if got := read(t, text).Minified(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestPrint_givesElementsInOneOrder(t *testing.T) {
	t.Parallel()
	got := read(t, `{"Z":1,"Statement":[{"Y":1,"Condition":{},"Resource":"*","NotAction":"a","Action":"b","Principal":{},"Effect":"Allow","Sid":"s","X":2}],"Version":"1"}`).Minified()
	const want = `{"Version":"1","Statement":[{"Sid":"s","Effect":"Allow","Principal":{},"Action":"b","NotAction":"a","Resource":"*","Condition":{},"X":2,"Y":1}],"Z":1}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
