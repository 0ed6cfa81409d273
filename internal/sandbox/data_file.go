package sandbox

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// saveInterval is how long calls are gathered before the account is saved.
const saveInterval = 100 * time.Millisecond

// errLocked says that another process holds a lock.
var errLocked = errors.New("another sandbox is using it")

// dataFile keeps an account in a file while it changes. With an empty path it keeps nothing.
type dataFile struct {
	path    string
	account *ramserver.Server
	unlock  func()

	called chan struct{} // holds something when a call has come since the last save began
	stop   chan struct{}
	saver  sync.WaitGroup
	saved  []byte // what is in the file
}

// openDataFile reads the account from the file at path, or if that is new from the seed, and saves it from then on.
func openDataFile(account *ramserver.Server, path, seed string) (*dataFile, error) {
	d := &dataFile{path: path, account: account, unlock: func() {}, called: make(chan struct{}, 1), stop: make(chan struct{})}
	if path != "" {
		if target, err := filepath.EvalSymlinks(path); err == nil {
			d.path = target // a save would replace the link
		}
		unlock, err := lock(d.path + ".lock")
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		d.unlock = unlock
	}
	if err := d.start(seed); err != nil {
		d.unlock()
		return nil, err
	}
	return d, nil
}

func (d *dataFile) start(seed string) error {
	if err := d.load(seed); err != nil {
		return err
	}
	d.account.Administrator(administrator)
	if err := d.save(); err != nil {
		return err
	}
	d.saver.Go(d.saveWhatChanges)
	return nil
}

func (d *dataFile) load(seed string) error {
	content, err := d.read()
	switch {
	case err != nil:
		return err
	case len(content) == 0 && seed == "":
		return nil
	case len(content) == 0:
		return sow(d.account, seed)
	}
	if err := d.account.Load(content); err != nil {
		return fmt.Errorf("%s: %w", d.path, err)
	}
	return nil
}

// read returns nothing for a file that does not exist yet.
func (d *dataFile) read() ([]byte, error) {
	if d.path == "" {
		return nil, nil
	}
	content, err := os.ReadFile(d.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return content, err
}

// keeping passes calls on, and has the account saved soon after each. Even one that only reads changes the account:
// when its access key was last used.
func (d *dataFile) keeping(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() { // also when the connection is to be dropped, which is a panic
			select {
			case d.called <- struct{}{}:
			default:
			}
		}()
		next.ServeHTTP(w, r)
	})
}

func (d *dataFile) saveWhatChanges() {
	for failed := false; ; {
		select {
		case <-d.called:
		case <-d.stop:
			return
		}
		select {
		case <-time.After(saveInterval):
		case <-d.stop:
			return
		}
		err := d.save()
		if err != nil && !failed {
			complain(err)
		}
		failed = err != nil
	}
}

// close saves a last time, and lets others have the file.
func (d *dataFile) close() error {
	close(d.stop)
	d.saver.Wait()
	defer d.unlock()
	return d.save()
}

func (d *dataFile) save() error {
	if d.path == "" {
		return nil
	}
	content, err := d.account.Save()
	if err == nil && !bytes.Equal(content, d.saved) {
		err = writeFile(d.path, content)
	}
	if err != nil {
		return fmt.Errorf("saving the account: %w", err)
	}
	d.saved = content
	return nil
}

// writeFile puts content in the place of a file in one step: whoever reads it, also after a crash, finds the old or
// the new content. Only one process may write the file at a time.
func writeFile(path string, content []byte) error {
	temp := path + ".tmp"
	if err := os.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) { // left by a process that was killed
		return err
	}
	if err := writeNew(temp, content); err != nil {
		return err
	}
	if err := os.Rename(temp, path); err != nil {
		return err
	}
	syncFolder(filepath.Dir(path))
	return nil
}

func writeNew(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// syncFolder makes a rename last. Not every file system can, and the file is whole either way.
func syncFolder(path string) {
	if f, err := os.Open(path); err == nil {
		_ = f.Sync()
		_ = f.Close()
	}
}
