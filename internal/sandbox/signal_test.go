//go:build !windows

package sandbox

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// waitingCommand writes a file and then waits for a signal: to end with 7 some time after SIGTERM, 8 after SIGINT.
const waitingCommand = `
	trap 'sleep 0.3; exit 7' TERM
	trap 'sleep 0.3; exit 8' INT
	touch "$0"
	while :; do sleep 0.05; done`

func TestSignalsReachTheCommandWhichMayTakeItsTime(t *testing.T) {
	t.Parallel()
	for sig, want := range map[os.Signal]int{syscall.SIGTERM: 7, os.Interrupt: 8} {
		ready := filepath.Join(t.TempDir(), "ready")
		c := sandbox(t, "--", "sh", "-c", waitingCommand, ready)
		c.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // without a terminal, which would send Ctrl-C itself
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
			if _, err := os.Stat(ready); err == nil {
				break
			}
		}
		if err := c.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		giveUp := time.AfterFunc(10*time.Second, func() { _ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL) })
		_ = c.Wait() // the exit code tells
		giveUp.Stop()
		if code := c.ProcessState.ExitCode(); code != want {
			t.Errorf("%v: exit code %d, want the command's %d", sig, code, want)
		}
	}
}

func TestACommandEndedByASignalGivesTheCodeOfAShell(t *testing.T) {
	if code, _, stderr := finish(t, sandbox(t, "--", "sh", "-c", "kill -KILL $$")); code != 137 {
		t.Errorf("exit code %d: %s", code, stderr)
	}
}
