package sandbox

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

// runCommand runs a command to its end and returns its exit code, which for a command ended by a signal is 128 more
// than the signal, as in a shell.
func runCommand(command, environ []string, signals <-chan os.Signal) (int, error) {
	c := exec.Command(command[0], command[1:]...)
	c.Env, c.Stdin, c.Stdout, c.Stderr = environ, os.Stdin, os.Stdout, os.Stderr
	if err := c.Start(); err != nil {
		return 0, err
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	for {
		select {
		case err := <-ended:
			return exitCode(err)
		case sig := <-signals:
			// A terminal sends Ctrl-C to both of us, and Terraform takes a second one for an order to drop everything.
			if sig != os.Interrupt || !onTerminal() {
				_ = c.Process.Signal(sig) // it may have ended just now
			}
		}
	}
}

// onTerminal reports whether this process belongs to a terminal.
func onTerminal() bool {
	f, err := os.Open("/dev/tty")
	if err != nil {
		return false
	}
	_ = f.Close()
	return true
}

func exitCode(err error) (int, error) {
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok {
		return 0, err
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal()), nil
	}
	return exit.ExitCode(), nil
}
