"""`make test` and `make bench`: on servers of their own, beside a running `make run`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence

from cooperative.embedded import servers
from cooperative.embedded.places import ROOT, Places
from cooperative.embedded.processes import die_with_parent, run_step, say
from cooperative.embedded.supervisor import Stopped, Supervisor


def run(places: Places, command: Sequence[str], *, durable: bool) -> int:
    """Start the servers, run `python -m` with `command`, stop them; returns the command's code.

    `durable` keeps PostgreSQL's promises, for measurements; tests do without them for speed.
    """
    supervisor = Supervisor(places)
    try:
        environment = servers.start(supervisor, places, database="podest", durable=durable)
        environment |= {"PODEST_MODE": "development", "PODEST_SERVERS": places.name}
        servers.leave_note(places, environment)
        run_step(
            "Compiling the translations",
            [sys.executable, "-m", "cooperative.translations", "compile"],
            environment,
            go_on=supervisor.go_on,
        )
        return _watched(supervisor, command, environment)
    except Stopped as why:
        say(f"\nStopped ({why}).")
        return 130
    finally:
        supervisor.stop()
        places.environment.unlink(missing_ok=True)


def _watched(supervisor: Supervisor, command: Sequence[str], environment: dict[str, str]) -> int:
    # In our own session: Ctrl-C reaches pytest too, which then says where it was.
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env={**os.environ, **environment},
        preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - there is one thread
    )
    try:
        while True:
            try:
                return process.wait(0.2)
            except subprocess.TimeoutExpired:
                supervisor.go_on()
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
