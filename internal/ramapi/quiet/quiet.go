// Package quiet keeps the Alibaba Cloud SDKs from printing requests. With
// DEBUG=dara in the environment they write every URL and header to the
// standard output, passwords and tokens included, and they read that variable
// while packages are initialised.
//
// This package therefore imports nothing but os: Go initialises a package as
// soon as what it imports is ready, in the order of import paths, so it comes
// before the SDKs, which wait for net/http.
package quiet

import "os"

func init() {
	_ = os.Unsetenv("DEBUG")
}
