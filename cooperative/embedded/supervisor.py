"""Starts the parts in order, watches them, and stops them in the opposite order."""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Callable
from types import FrameType

from cooperative.embedded.places import Places, Refusal
from cooperative.embedded.processes import Part, say

RESTARTS = 5
RESTART_WINDOW = 60.0


class Stopped(Exception):
    """Somebody asked the launcher to end."""


class Supervisor:
    """Holds the running parts of one set of servers.

    It ends when told to (Ctrl-C, SIGTERM, SIGHUP), when whoever started it is gone, and when its
    terminal hangs up: closing a window whose shell runs `make` sends the launcher no signal at all.
    """

    def __init__(self, places: Places) -> None:
        self.places = places
        self.parts: list[Part] = []
        self._parent = os.getppid()
        # Asked once, now: a terminal that has hung up no longer says that it is one.
        self._terminal = os.isatty(0)
        self._asked: str | None = None
        self._ends: dict[str, list[float]] = {}
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        # A second Ctrl-C changes nothing: stopping goes on in its order.
        self._asked = self._asked or signal.Signals(number).name

    def go_on(self) -> None:
        """Raise `Stopped` when it is time to end."""
        if self._asked is None and os.getppid() != self._parent:
            self._asked = "the end of its parent"
        if self._asked is None and self._terminal and _hung_up():
            self._asked = "the end of its terminal"
        if self._asked is not None:
            raise Stopped(self._asked)

    def start(self, part: Part, ready: Callable[[], bool] | None = None, *, seconds: float) -> None:
        """Start a part and wait until it is ready; from now on it is watched and will be stopped."""
        self.go_on()
        part.start()
        self.parts.append(part)
        if ready is not None:
            part.wait_until(ready, seconds=seconds, go_on=self.go_on)

    def watch(self) -> None:
        """Wait until asked to end. A web, worker or beat that ends is started again, a few times.

        Raises:
            Stopped: somebody asked to end.
            Refusal: a server ended, or a part keeps ending.
        """
        while True:
            self.go_on()
            for part in self.parts:
                code = part.ended()
                if code is not None:
                    self._start_again(part, code)
            time.sleep(0.2)

    def _start_again(self, part: Part, code: int) -> None:
        words = part.last_words()
        now = time.monotonic()
        ends = [at for at in self._ends.get(part.name, []) if now - at < RESTART_WINDOW] + [now]
        self._ends[part.name] = ends
        if not part.restartable or len(ends) > RESTARTS:
            raise Refusal(f"{part.name} ended (code {code}); it said:\n{words}")
        say(f"{part.name} ended (code {code}) and is started again.")
        part.stop()
        time.sleep(min(len(ends) - 1, 5))
        part.start()

    def stop(self) -> None:
        """Stop every part, the last started first. Signals that come meanwhile change nothing."""
        while self.parts:
            self.parts.pop().stop()


def _hung_up() -> bool:
    poll = select.poll()
    poll.register(0, 0)
    return any(events & (select.POLLHUP | select.POLLERR) for _, events in poll.poll(0))
