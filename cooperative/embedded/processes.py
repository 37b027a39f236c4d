"""Child processes that never outlive the launcher."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cooperative.embedded.places import Refusal

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def say(text: str) -> None:
    """Print a line now; a terminal that is gone is no reason to leave parts running."""
    try:
        print(text, flush=True)
    except OSError:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - for good


def die_with_parent(number: int) -> Callable[[], None]:
    """A `preexec_fn`: the kernel sends `number` to the child when the launcher is gone.

    The kernel means the *thread* that forked, so children are started in the main thread. Set after
    a change of user, which clears it, and before `unshare`, which keeps it.
    """
    parent = os.getpid()

    def prepare() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != parent:  # gone between fork and prctl
            os._exit(1)

    return prepare


@dataclass(slots=True)
class Part:
    """One long-running child in a session of its own, so that Ctrl-C reaches only the launcher."""

    name: str
    command: Sequence[str]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 15.0
    environment: Mapping[str, str] = field(default_factory=dict)
    user: int | None = None
    restartable: bool = False
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; its output goes to its log."""
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("wb") as output:
            try:
                self.process = subprocess.Popen(
                    list(self.command),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    cwd="/" if self.user is not None else None,
                    env={**os.environ, **self.environment},
                    start_new_session=True,
                    preexec_fn=die_with_parent(self.stop_signal),  # noqa: PLW1509 - there is one thread
                    user=self.user,
                    group=self.user,
                    extra_groups=None if self.user is None else [],
                )
            except OSError as error:
                raise Refusal(f"{self.name} cannot be started: {error}.") from error

    def ended(self) -> int | None:
        """Its exit code if it has ended, else None."""
        return None if self.process is None else self.process.poll()

    def wait_until(
        self,
        ready: Callable[[], bool],
        *,
        seconds: float,
        go_on: Callable[[], None] = lambda: None,
    ) -> None:
        """Wait for `ready()`; a child that ends or is not ready in time is refused with its words.

        `go_on` is called while waiting and raises to end it.
        """
        begun = time.monotonic()
        limit = begun + seconds
        while not ready():
            go_on()
            if self.ended() is not None:
                raise Refusal(f"{self.name} ended while starting; it said:\n{self.last_words()}")
            if time.monotonic() > limit:
                raise Refusal(
                    f"{self.name} was not ready after {seconds:.0f} s; it said:\n{self.last_words()}"
                )
            time.sleep(0.02 if time.monotonic() - begun < 1 else 0.1)

    def last_words(self, lines: int = 15) -> str:
        """The end of its log, indented."""
        try:
            said = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            said = []
        return "\n".join("    " + line for line in said[-lines:]) or "    (nothing)"

    def ask_to_stop(self) -> None:
        """Send its own stop signal, once, to it alone: it knows how to end its children."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def stop(self) -> None:
        """Ask it to stop, wait, and only after its patience end the whole group."""
        if self.process is None:
            return
        self.ask_to_stop()
        try:
            self.process.wait(self.patience)
        except subprocess.TimeoutExpired:
            say(f"{self.name} did not stop within {self.patience:.0f} s and is ended.")
            self._kill_group()
            self.process.wait()
        else:
            self._kill_group()  # what it may have left behind in its session

    def _kill_group(self) -> None:
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        except PermissionError:
            # A group of zombies alone, on some systems.
            pass


def run_step(
    name: str,
    command: Sequence[str],
    environment: Mapping[str, str],
    *,
    go_on: Callable[[], None] = lambda: None,
) -> None:
    """Run a short command to its end; if it fails, refuse with what it said.

    It is in a session of its own. `go_on` is called while it runs and raises to end it.
    """
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            list(command),
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - there is one thread
        )
        try:
            while process.poll() is None:
                go_on()
                time.sleep(0.02)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
        if process.returncode:
            output.seek(0)
            said = output.read().decode(errors="replace").strip().splitlines()[-25:]
            raise Refusal(f"{name} failed; it said:\n" + "\n".join("    " + line for line in said))


def state_of(pid: int) -> str | None:
    """One letter from the kernel (`R`, `S`, `Z`...), or None when there is no such process."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        pass
    else:
        return text.rpartition(")")[2].split()[0]
    if Path("/proc/self/stat").exists():
        return None
    try:  # no /proc: macOS
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        return "S"
    return "S"


def arguments_of(pid: int) -> list[str]:
    """The command line of a process, empty when it cannot be read."""
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        if Path("/proc/self/cmdline").exists():
            return []
        # No /proc: macOS.
        told = subprocess.run(
            ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, check=False
        )
        return os.fsdecode(told.stdout).split()
    return [os.fsdecode(word) for word in raw.split(b"\0") if word]
