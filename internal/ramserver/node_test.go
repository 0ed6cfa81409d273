package ramserver_test

import (
	"bytes"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// nodeFolder returns a folder in which the Node SDK is installed, beside the program that uses it. It comes from the npm
// registry, so one of the runs of the acceptance tests is enough.
func nodeFolder(t *testing.T) string {
	t.Helper()
	if testing.Short() || os.Getenv("TF_ACC") == "" || os.Getenv("RAM_ACC_UNSURE") != "" || os.Getenv("RAM_ACC_REAL") == "1" {
		t.Skip("installs the Node SDK: set TF_ACC, but neither -short, RAM_ACC_UNSURE nor RAM_ACC_REAL")
	}
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("the Node SDK cannot be installed: %v", err)
		}
	}
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS("testdata/node")); err != nil {
		t.Fatal(err)
	}
	reach := exec.Command("npm", "view", "@alicloud/ram20150501", "name", "--fetch-retries=0", "--fetch-timeout=10000")
	reach.Dir = folder
	if out, err := reach.CombinedOutput(); err != nil {
		t.Skipf("the Node SDK cannot be installed: the npm registry is out of reach: %v\n%s", err, out)
	}
	install := exec.Command("npm", "ci", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts")
	install.Dir = folder
	if out, err := install.CombinedOutput(); err != nil {
		t.Fatalf("installing the Node SDK: %v\n%s", err, out)
	}
	return folder
}

func TestTheNodeSDKWorks(t *testing.T) {
	t.Parallel()
	folder := nodeFolder(t)
	var s ramserver.Server
	err := s.Seed([]byte(`{
		"account_id": "1234567890123456",
		"users": [{"name": "bob"}, {"name": "carol"}],
		"roles": [{"name": "auditor", "trust_policy": {"Version": "1", "Statement": [
			{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"RAM": ["acs:ram::1234567890123456:root"]}}
		]}}]
	}`))
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(&s)
	t.Cleanup(srv.Close)
	id, secret := s.RootAccessKey()
	client := exec.Command("node", "client.js", strings.TrimPrefix(srv.URL, "http://"))
	client.Dir = folder
	client.Env = append(os.Environ(), "ALIBABA_CLOUD_ACCESS_KEY_ID="+id, "ALIBABA_CLOUD_ACCESS_KEY_SECRET="+secret, "NO_PROXY=127.0.0.1")
	var complaints bytes.Buffer
	client.Stderr = &complaints
	out, err := client.Output()
	const want = `{"comments":true,"pages":[["alice","bob"],["carol"]],"tag":"red","caller":"AssumedRoleUser","error":[404,"EntityNotExist.User"]}`
	if got := strings.TrimSpace(string(out)); err != nil || got != want {
		t.Errorf("%v\n%s\nwant\n%s\n%s", err, got, want, &complaints)
	}
}
