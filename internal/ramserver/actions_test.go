package ramserver

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	ims "github.com/alibabacloud-go/ims-20190815/v4/client"
	ram "github.com/alibabacloud-go/ram-20150501/v2/client"
)

// The SDK's client has one method per action of the API, and one struct per action with its parameters.
func TestEveryActionOfRAMIsKnownWithItsParameters(t *testing.T) {
	client, found := reflect.TypeFor[*ram.Client](), 0
	for i := range client.NumMethod() {
		method := client.Method(i)
		name, ok := strings.CutSuffix(method.Name, "WithOptions")
		if !ok {
			continue
		}
		found++
		a, known := ramActions[name]
		if !known {
			t.Errorf("%s is missing", name)
			continue
		}
		if method.Type.NumIn() < 3 { // itself, options: the action has no parameters
			continue
		}
		parameters := method.Type.In(1).Elem()
		for i := range parameters.NumField() {
			param, _, _ := strings.Cut(parameters.Field(i).Tag.Get("json"), ",")
			if !slices.Contains(a.params, param) {
				t.Errorf("%s lacks the parameter %s", name, param)
			}
		}
	}
	if found != len(ramActions) {
		t.Errorf("the SDK has %d actions, the server %d", found, len(ramActions))
	}
}

// IMS has more actions than the server. Those that it has are the SDK's, with all of their parameters, except for the two
// that are newer than the SDK.
func TestTheActionsOfIMSHaveTheirParameters(t *testing.T) {
	client := reflect.TypeFor[*ims.Client]()
	for name, a := range imsActions {
		method, ok := client.MethodByName(name + "WithOptions")
		if !ok {
			if name != "GetAccessKeyPolicy" && name != "SetAccessKeyPolicy" {
				t.Errorf("IMS has no %s", name)
			}
			continue
		}
		if method.Type.NumIn() < 3 {
			continue
		}
		parameters := method.Type.In(1).Elem()
		for i := range parameters.NumField() {
			param, _, _ := strings.Cut(parameters.Field(i).Tag.Get("json"), ",")
			if param = strings.TrimSuffix(param, "Shrink"); !slices.Contains(a.params, param) && !slices.ContainsFunc(a.params, func(known string) bool { return strings.HasPrefix(known, param+".N") }) {
				t.Errorf("%s lacks the parameter %s", name, param)
			}
		}
	}
}
